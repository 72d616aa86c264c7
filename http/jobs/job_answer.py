"""Work in the background, and how far it has come."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from countersign.aggregates.email_message import EmailMessage
from countersign.aggregates.email_status import EmailStatus
from countersign.aggregates.maintenance_job import MaintenanceJob, MaintenanceStatus
from countersign.aggregates.rendering import Rendering, RenderingStatus
from countersign.aggregates.root import Root
from countersign.aggregates.webhook.delivery import DeliveryStatus, WebhookDelivery
from countersign.http.answers import Answer
from countersign.http.jobs.work_seen import Underway
from countersign.http.staleness import Item
from countersign.projections.work.job_board_queries import Job
from countersign.projections.work.job_states import JobKind, JobState

SETTLED: Final = frozenset(
    {JobState.SUCCEEDED, JobState.FAILED, JobState.DISMISSED, JobState.IN_DOUBT, JobState.CANCELLED}
)
"""Where a job stays until a person does something about it."""

_STATES: Final = {
    RenderingStatus.QUEUED: JobState.QUEUED,
    RenderingStatus.RUNNING: JobState.RUNNING,
    RenderingStatus.RETRYING: JobState.RETRYING,
    RenderingStatus.COMPLETED: JobState.SUCCEEDED,
    RenderingStatus.DEAD_LETTERED: JobState.FAILED,
    RenderingStatus.CANCELLED: JobState.CANCELLED,
    RenderingStatus.DISCARDED: JobState.DISMISSED,
}


_MAIL_STATES: Final = {
    EmailStatus.QUEUED: JobState.QUEUED,
    EmailStatus.SENDING: JobState.RUNNING,
    EmailStatus.DEFERRED: JobState.RETRYING,
    EmailStatus.SENT: JobState.SUCCEEDED,
    EmailStatus.BOUNCED: JobState.FAILED,
    EmailStatus.DEAD_LETTERED: JobState.FAILED,
    EmailStatus.IN_DOUBT: JobState.IN_DOUBT,
    EmailStatus.DISMISSED: JobState.DISMISSED,
    EmailStatus.SUPPRESSED: JobState.FAILED,
}
_MAINTENANCE_STATES: Final = {
    MaintenanceStatus.DUE: JobState.QUEUED,
    MaintenanceStatus.RETRYING: JobState.RETRYING,
    MaintenanceStatus.FAILED: JobState.FAILED,
    MaintenanceStatus.COMPLETED: JobState.SUCCEEDED,
    MaintenanceStatus.CANCELLED: JobState.CANCELLED,
    MaintenanceStatus.DISCARDED: JobState.DISMISSED,
}


_DELIVERY_STATES: Final = {
    DeliveryStatus.QUEUED: JobState.QUEUED,
    DeliveryStatus.RETRYING: JobState.RETRYING,
    DeliveryStatus.SUCCEEDED: JobState.SUCCEEDED,
    DeliveryStatus.DEAD_LETTERED: JobState.FAILED,
    DeliveryStatus.DROPPED: JobState.CANCELLED,
}


class ErrorAnswer(Answer):
    """Why the latest attempt failed."""

    failure_class: str | None
    message: str


class ProgressAnswer(Answer):
    """Since when a worker has been at it, how far it is, and at which step; null until it tells."""

    since: datetime
    percent: int | None
    step: str | None


class JobAnswer(Item):
    """A job; its id is that of the rendering, the mail or the maintenance that it does.

    `in_doubt`: nobody knows whether a mail went out, and a person decides. `dismissed` was laid aside by one,
    `cancelled` stopped. `progress` is there while a worker is at it. `result_href` leads to what a rendering
    made.
    """

    HANGS_ON = ("id",)
    id: UUID
    kind: JobKind
    subject: str
    state: JobState
    attempts: int
    report_id: UUID | None
    revision: str | None
    progress: ProgressAnswer | None = None
    error: ErrorAnswer | None = None
    result: dict[str, Any] | None = None
    result_href: str | None
    next_at: datetime | None = None
    created_at: datetime
    started_at: datetime | None = None
    finished_at: datetime | None = None


class JobsAnswer(Answer):
    """A page of jobs, the newest first."""

    items: list[JobAnswer]
    next_cursor: str | None


def job_answer(job: Job) -> JobAnswer:
    """A job as the job board has it."""
    return JobAnswer(
        id=job.job_id,
        kind=JobKind(job.kind),
        subject=job.subject,
        state=JobState(job.state),
        attempts=job.attempts,
        report_id=job.report_id,
        revision=job.revision,
        error=None if job.error is None else ErrorAnswer(failure_class=job.error_class, message=job.error),
        result=None if job.result is None else dict(job.result),
        result_href=_result_href(job.job_id, JobKind(job.kind)),
        next_at=job.next_at,
        created_at=job.created_at,
        started_at=job.started_at,
        finished_at=job.finished_at,
    )


def job_of_rendering(rendering: Rendering) -> JobAnswer:
    """The job of a rendering, as the log has it: before the job board knows of it."""
    return JobAnswer(
        id=rendering.id,
        kind=JobKind.RENDERING,
        subject=f"{rendering.kind} {rendering.format}",
        state=_STATES[rendering.status],
        attempts=rendering.attempts,
        report_id=rendering.report_id,
        revision=rendering.revision,
        result_href=_result_href(rendering.id, JobKind.RENDERING),
        created_at=rendering.created_on,
    )


def job_of(job: Root) -> JobAnswer:
    """The job of a rendering, a mail, a delivery or maintenance, as the log has it.

    Raises:
        TypeError: it is none of these.
    """
    if isinstance(job, Rendering):
        return job_of_rendering(job)
    if isinstance(job, EmailMessage):
        kind, subject, state = JobKind.EMAIL, str(job.purpose), _MAIL_STATES[job.status]
    elif isinstance(job, MaintenanceJob):
        kind, subject, state = JobKind.MAINTENANCE, job.kind, _MAINTENANCE_STATES[job.status]
    elif isinstance(job, WebhookDelivery):
        kind, subject, state = JobKind.DELIVERY, job.event_type, _DELIVERY_STATES[job.status]
    else:
        raise TypeError(f"{type(job).__qualname__} is no job")
    return JobAnswer(
        id=job.id,
        kind=kind,
        subject=subject,
        state=state,
        attempts=_attempts(job),
        report_id=None,
        revision=None,
        result_href=None,
        created_at=job.created_on,
    )


def _attempts(job: Root) -> int:
    if isinstance(job, WebhookDelivery):
        return job.tries
    return job.attempts if isinstance(job, EmailMessage) else 0


def underway(job: JobAnswer, progress: Underway | None) -> JobAnswer:
    """A job with what is known of it while a worker is at it."""
    if progress is None or job.state in SETTLED:
        return job
    told = ProgressAnswer(since=progress.since, percent=progress.percent, step=progress.step)
    return job.model_copy(update={"progress": told, "state": JobState.RUNNING})


def _result_href(job_id: UUID, kind: JobKind) -> str | None:
    return f"/v1/renderings/{job_id}" if kind is JobKind.RENDERING else None
