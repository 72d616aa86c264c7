"""What the service does in the background: documents, mails, maintenance, and how far each has come."""

from __future__ import annotations

from functools import singledispatch
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Index, Integer, MetaData, String, Table, Text, Uuid

from countersign.aggregates.email_message import EmailMessage
from countersign.aggregates.maintenance_job import MaintenanceJob
from countersign.aggregates.rendering import Rendering
from countersign.aggregates.root import Root
from countersign.aggregates.webhook.delivery import WebhookDelivery
from countersign.aggregates.webhook.public_events import TEST
from countersign.eventstore.mapper import Happened
from countersign.projections.columns import CanonicalJson, Instant
from countersign.projections.folding.rows import Rows
from countersign.projections.work.job_states import JobKind, JobState
from countersign.projections.work.mail_causes import CAUSES, causes_table, note, report_of

VERSION = 3
PARTITIONED = False  # a mail is looked up by the event of a report that caused it
metadata = MetaData()
jobs = Table(
    f"job_board_v{VERSION}",
    metadata,
    Column("job_id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("subject", Text, nullable=False),
    Column("report_id", Uuid),
    Column("revision", String(20)),
    Column("state", String(20), nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("worker", Text),
    Column("error_class", String(40)),
    Column("error", Text),
    Column("result", CanonicalJson),
    Column("next_at", Instant),
    Column("created_at", Instant, nullable=False),
    Column("started_at", Instant),
    Column("finished_at", Instant),
)
causes = causes_table(f"job_board_cause_v{VERSION}", metadata)
Index(f"{jobs.name}_created", jobs.c.created_at, jobs.c.job_id)
Index(f"{jobs.name}_state", jobs.c.state, jobs.c.created_at)
Index(f"{jobs.name}_report", jobs.c.report_id)

_Cancelled = Rendering.Cancelled | MaintenanceJob.Cancelled | WebhookDelivery.Cancelled
_NO_ERROR: dict[str, Any] = {"error_class": None, "error": None}


def also_of(meta: Happened) -> tuple[UUID, ...]:
    """The cause of a mail, by which its report is known."""
    return (meta.event.cause,) if isinstance(meta.event, EmailMessage.Created) else ()


@singledispatch
def project(event: Root.Event, meta: Happened, rows: Rows) -> None:
    """What is no job is passed over."""


def _cause(event: Root.Event, meta: Happened, rows: Rows) -> None:
    note(causes, meta, rows)


for cause in CAUSES:
    project.register(cause, _cause)


@project.register
def _(event: Rendering.Created, meta: Happened, rows: Rows) -> None:
    about = {"report_id": event.report_id, "revision": event.revision}
    _queue(meta, rows, JobKind.RENDERING, f"{event.kind} {event.format}", **about)


@project.register
def _(event: Rendering.Started, meta: Happened, rows: Rows) -> None:
    _start(meta, rows, event.attempt, event.worker)


@project.register
def _(event: Rendering.Completed, meta: Happened, rows: Rows) -> None:
    result = {"artifacts": event.artifacts, "duration_ms": event.duration_ms}
    _finish(meta, rows, JobState.SUCCEEDED, result=result, **_NO_ERROR)


@project.register
def _(event: Rendering.AttemptFailed, meta: Happened, rows: Rows) -> None:
    error = {"error_class": event.failure_class, "error": event.message}
    _change(meta, rows, JobState.RETRYING, **error, next_at=event.retry_at)


@project.register
def _(event: Rendering.DeadLettered, meta: Happened, rows: Rows) -> None:
    _finish(meta, rows, JobState.FAILED, error_class=event.failure_class, error=event.message)


@project.register
def _(event: Rendering.Retried, meta: Happened, rows: Rows) -> None:
    _change(meta, rows, JobState.QUEUED, attempts=0, finished_at=None)


@project.register
def _(event: EmailMessage.Created, meta: Happened, rows: Rows) -> None:
    _queue(meta, rows, JobKind.EMAIL, event.purpose, report_id=report_of(causes, event.cause, rows))


@project.register
def _(event: EmailMessage.Attempted, meta: Happened, rows: Rows) -> None:
    _start(meta, rows, event.attempt, event.worker)


@project.register
def _(event: EmailMessage.Sent, meta: Happened, rows: Rows) -> None:
    result = {"reply_code": event.reply_code, "reply": event.reply}
    _finish(meta, rows, JobState.SUCCEEDED, result=result, **_NO_ERROR)


@project.register
def _(event: EmailMessage.Deferred, meta: Happened, rows: Rows) -> None:
    error = {"error_class": "deferred", "error": f"{event.reply_code} {event.reply}"}
    _change(meta, rows, JobState.RETRYING, **error, next_at=event.retry_at)


@project.register
def _(event: EmailMessage.Bounced, meta: Happened, rows: Rows) -> None:
    _finish(meta, rows, JobState.FAILED, error_class="bounced", error=f"{event.reply_code} {event.reply}")


@project.register
def _(event: EmailMessage.WentInDoubt, meta: Happened, rows: Rows) -> None:
    _change(meta, rows, JobState.IN_DOUBT, error_class="in_doubt", error=event.why)


@project.register
def _(event: EmailMessage.DeadLettered, meta: Happened, rows: Rows) -> None:
    _finish(meta, rows, JobState.FAILED, error_class="dead_lettered", error=event.reason)


@project.register
def _(event: EmailMessage.Suppressed, meta: Happened, rows: Rows) -> None:
    _finish(meta, rows, JobState.FAILED, error_class="suppressed", error="nobody is at its address")


@project.register
def _(event: EmailMessage.Resolved, meta: Happened, rows: Rows) -> None:
    if event.resent:
        _change(meta, rows, JobState.QUEUED, finished_at=None)
    else:
        _finish(meta, rows, JobState.DISMISSED, error=event.reason)


@project.register
def _(event: MaintenanceJob.Created, meta: Happened, rows: Rows) -> None:
    _queue(meta, rows, JobKind.MAINTENANCE, event.kind)


@project.register
def _(event: MaintenanceJob.Completed, meta: Happened, rows: Rows) -> None:
    _finish(meta, rows, JobState.SUCCEEDED, attempts=_attempts(meta, rows), result=event.result, **_NO_ERROR)


@project.register
def _(event: MaintenanceJob.Failed, meta: Happened, rows: Rows) -> None:
    error = {"error_class": event.failure_class, "error": event.message}
    tried = {"attempts": _attempts(meta, rows)}
    if event.retry_at is None:
        _finish(meta, rows, JobState.FAILED, **tried, **error)
    else:
        _change(meta, rows, JobState.RETRYING, **tried, **error, next_at=event.retry_at)


@project.register
def _(event: MaintenanceJob.Retried, meta: Happened, rows: Rows) -> None:
    _change(meta, rows, JobState.QUEUED, attempts=0, finished_at=None)


@project.register
def _(event: WebhookDelivery.Created, meta: Happened, rows: Rows) -> None:
    _queue(meta, rows, JobKind.DELIVERY, event.event_type)


@project.register
def _(event: WebhookDelivery.Attempted, meta: Happened, rows: Rows) -> None:
    tried = {"attempts": event.tried, "worker": event.worker, "started_at": event.timestamp}
    _change(meta, rows, JobState.RETRYING, **tried, error=event.error or None, next_at=event.retry_at)


@project.register
def _(event: WebhookDelivery.Succeeded, meta: Happened, rows: Rows) -> None:
    _finish(meta, rows, JobState.SUCCEEDED, **_NO_ERROR)


@project.register
def _(event: WebhookDelivery.DeadLettered, meta: Happened, rows: Rows) -> None:
    known = rows.get(jobs, job_id=meta.stream)
    only_a_test = known is not None and known["subject"] == TEST  # nobody need see to it
    _finish(meta, rows, JobState.DISMISSED if only_a_test else JobState.FAILED, error=event.reason)


@project.register
def _(event: WebhookDelivery.Dropped, meta: Happened, rows: Rows) -> None:
    _finish(meta, rows, JobState.CANCELLED, error=event.reason)


@project.register
def _(event: WebhookDelivery.Resent, meta: Happened, rows: Rows) -> None:
    _change(meta, rows, JobState.QUEUED, finished_at=None)


@project.register(Rendering.Cancelled)
@project.register(MaintenanceJob.Cancelled)
@project.register(WebhookDelivery.Cancelled)
def _(event: _Cancelled, meta: Happened, rows: Rows) -> None:
    _finish(meta, rows, JobState.CANCELLED, error_class="cancelled", error=event.reason)


@project.register(Rendering.Discarded)
@project.register(MaintenanceJob.Discarded)
def _(event: Rendering.Discarded | MaintenanceJob.Discarded, meta: Happened, rows: Rows) -> None:
    _finish(meta, rows, JobState.DISMISSED, error=event.reason)


def _attempts(meta: Happened, rows: Rows) -> int:
    """How often it was tried with the one that this event ended: there is no event for the beginning."""
    known = rows.get(jobs, job_id=meta.stream)
    return 1 + (known["attempts"] if known else 0)


def _queue(meta: Happened, rows: Rows, kind: JobKind, subject: str, **about: Any) -> None:
    known = {"version": meta.version, "created_at": meta.event.timestamp, "state": JobState.QUEUED}
    rows.insert(jobs, job_id=meta.stream, kind=kind, subject=subject, **known, **about)


def _start(meta: Happened, rows: Rows, attempt: int, worker: str) -> None:
    begun = {"attempts": attempt, "worker": worker, "started_at": meta.event.timestamp}
    _change(meta, rows, JobState.RUNNING, **begun)


def _finish(meta: Happened, rows: Rows, state: JobState, **values: Any) -> None:
    _change(meta, rows, state, finished_at=meta.event.timestamp, **values)


def _change(meta: Happened, rows: Rows, state: JobState, **values: Any) -> None:
    changed = {"version": meta.version, "state": state, "next_at": None, **values}
    rows.update(jobs, {"job_id": meta.stream}, **changed)
