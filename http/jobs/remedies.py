"""What an operator does about a job: takes it up again, lays it aside, keeps it from being done."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from falcon import Request, Response
from pydantic import StrictBool

from countersign.aggregates.email_message import EmailMessage
from countersign.aggregates.email_status import EmailStatus
from countersign.aggregates.maintenance_job import MaintenanceJob
from countersign.aggregates.rendering import Rendering
from countersign.aggregates.root import Root
from countersign.aggregates.webhook.delivery import WebhookDelivery
from countersign.commands.email.cancel_email import CancelEmail
from countersign.commands.email.resolve_email import ResolveEmail
from countersign.commands.maintenance.cancel_maintenance import CancelMaintenance
from countersign.commands.maintenance.discard_maintenance import DiscardMaintenance
from countersign.commands.maintenance.retry_maintenance import RetryMaintenance
from countersign.commands.rendering.cancel_rendering import CancelRendering
from countersign.commands.rendering.discard_rendering import DiscardRendering
from countersign.commands.rendering.retry_rendering import RetryRendering
from countersign.commands.webhook.cancel_delivery import CancelDelivery
from countersign.commands.webhook.resend_delivery import ResendDelivery
from countersign.http.answers import Answer
from countersign.http.bodies import Form
from countersign.http.calls import answer_receipt, as_left, call_of
from countersign.http.endpoints import command
from countersign.http.fields import Text
from countersign.http.jobs.job_answer import JobAnswer, job_of
from countersign.http.services import Services


class JobDecisionForm(Form):
    """Why; it is kept in the history of the job."""

    reason: Text


class ResolutionForm(Form):
    """Whether the mail is sent once more, or let be; and why."""

    resend: StrictBool
    reason: Text


class MailAnswer(Answer):
    """A mail after it was decided about."""

    id: UUID
    version: int
    status: EmailStatus
    attempts: int


class Decisions:
    """For the resources below: what a decision means for each kind of job."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def kind_of(self, job_id: UUID) -> type[Root]:
        """What the job is; where there is none, the command for a rendering tells."""
        found = self._services.aggregates.find(Root, job_id)
        known = isinstance(found, MaintenanceJob | EmailMessage | WebhookDelivery)
        return type(found) if known and found is not None else Rendering

    def give(self, req: Request, resp: Response, job_id: UUID, wanted: Any, kind: type[Root]) -> JobAnswer:
        """Have it recorded; a repeat is answered as the first was."""
        receipt = self._services.dispatch(wanted, call_of(req).context)
        answer_receipt(resp, receipt)
        resp.location = f"/v1/jobs/{job_id}"
        return job_of(as_left(self._services.aggregates, kind, job_id, receipt))


class Retry:
    """`POST /v1/jobs/{job_id}/retry`."""

    def __init__(self, services: Services) -> None:
        self._decisions = Decisions(services)

    @command("Jobs", status=202, refusals=(403, 409))
    def on_post(self, req: Request, resp: Response, job_id: UUID) -> JobAnswer:
        """Take up again a rendering, a delivery or maintenance that was given up, with all its attempts.

        A mail is sent once more for a reason: `POST /v1/jobs/{job_id}/resolve`.
        """
        kind = self._decisions.kind_of(job_id)
        if kind is MaintenanceJob:
            return self._decisions.give(req, resp, job_id, RetryMaintenance(job_id=job_id), kind)
        if kind is WebhookDelivery:
            return self._decisions.give(req, resp, job_id, ResendDelivery(delivery_id=job_id), kind)
        if kind is EmailMessage:
            wanted = ResolveEmail(email_id=job_id, resend=True, reason="")
            return self._decisions.give(req, resp, job_id, wanted, kind)
        return self._decisions.give(req, resp, job_id, RetryRendering(rendering_id=job_id), Rendering)


class Cancel:
    """`POST /v1/jobs/{job_id}/cancel`."""

    def __init__(self, services: Services) -> None:
        self._decisions = Decisions(services)

    @command("Jobs", refusals=(403, 409))
    def on_post(self, req: Request, resp: Response, job_id: UUID, form: JobDecisionForm) -> JobAnswer:
        """Have a job not done; a worker that is at it stops at its next step, unless a mail is on its way."""
        kind = self._decisions.kind_of(job_id)
        wanted: Any = CancelRendering(rendering_id=job_id, reason=form.reason)
        if kind is MaintenanceJob:
            wanted = CancelMaintenance(job_id=job_id, reason=form.reason)
        elif kind is EmailMessage:
            wanted = CancelEmail(email_id=job_id, reason=form.reason)
        elif kind is WebhookDelivery:
            wanted = CancelDelivery(delivery_id=job_id, reason=form.reason)
        return self._decisions.give(req, resp, job_id, wanted, kind)


class Discard:
    """`POST /v1/jobs/{job_id}/discard`."""

    def __init__(self, services: Services) -> None:
        self._decisions = Decisions(services)

    @command("Jobs", refusals=(403, 409))
    def on_post(self, req: Request, resp: Response, job_id: UUID, form: JobDecisionForm) -> JobAnswer:
        """Lay aside what was given up; of a mail, say that it is not sent again."""
        kind = self._decisions.kind_of(job_id)
        wanted: Any = DiscardRendering(rendering_id=job_id, reason=form.reason)
        if kind is MaintenanceJob:
            wanted = DiscardMaintenance(job_id=job_id, reason=form.reason)
        elif kind is EmailMessage:
            wanted = ResolveEmail(email_id=job_id, resend=False, reason=form.reason)
        return self._decisions.give(req, resp, job_id, wanted, kind)


class Resolve:
    """`POST /v1/jobs/{job_id}/resolve`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @command("Jobs", refusals=(403, 409))
    def on_post(self, req: Request, resp: Response, job_id: UUID, form: ResolutionForm) -> MailAnswer:
        """Decide about a mail that bounced, was given up or is in doubt."""
        wanted = ResolveEmail(email_id=job_id, resend=form.resend, reason=form.reason)
        receipt = self._services.dispatch(wanted, call_of(req).context)
        answer_receipt(resp, receipt)
        return MailAnswer.model_validate(as_left(self._services.aggregates, EmailMessage, job_id, receipt))
