"""What an operator does about a job that the service has given up, or does not know about."""

from __future__ import annotations

from uuid import UUID

from falcon import Request, Response
from pydantic import StrictBool

from countersign.aggregates.email_message import EmailMessage, EmailStatus
from countersign.aggregates.rendering import Rendering
from countersign.commands.email.resolve_email import ResolveEmail
from countersign.commands.rendering.retry_rendering import RetryRendering
from countersign.http.answers import Answer
from countersign.http.bodies import Form
from countersign.http.calls import answer_receipt, as_left, call_of
from countersign.http.endpoints import command
from countersign.http.fields import Text
from countersign.http.jobs.job_answer import JobAnswer, job_of_rendering
from countersign.http.services import Services


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


class Retry:
    """`POST /v1/jobs/{job_id}/retry`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @command("Jobs", status=202, refusals=(403, 409))
    def on_post(self, req: Request, resp: Response, job_id: UUID) -> JobAnswer:
        """Take up again a rendering that was given up, with all its attempts."""
        receipt = self._services.dispatch(RetryRendering(rendering_id=job_id), call_of(req).context)
        answer_receipt(resp, receipt)
        resp.location = f"/v1/jobs/{job_id}"
        return job_of_rendering(as_left(self._services.aggregates, Rendering, job_id, receipt))


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
