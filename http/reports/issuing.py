"""Sending the approved document out."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from falcon import Request, Response
from pydantic import Field, StringConstraints

from countersign.aggregates.report.recipient import MOST_RECIPIENTS
from countersign.aggregates.report.report import IssueStatus
from countersign.commands.report.issue_revision import Addressed, IssueRevision
from countersign.http.bodies import Form
from countersign.http.endpoints import command
from countersign.http.fields import EmailAddress
from countersign.http.preconditions import expected_version
from countersign.http.reports.report_commands import ReportState, change_report
from countersign.http.services import Services


class RecipientForm(Form):
    """Somebody outside the service who receives the document by mail."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    email: EmailAddress


class IssueForm(Form):
    """The final document that goes out, to whom, and for what: IFR review, IFA approval, or final."""

    rendering_id: UUID
    issue_status: IssueStatus
    recipients: Annotated[list[RecipientForm], Field(min_length=1, max_length=MOST_RECIPIENTS)]


class Issuing:
    """`POST /v1/reports/{report_id}/issue`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @command("Approval", if_match="report", refusals=(403, 409))
    def on_post(self, req: Request, resp: Response, report_id: UUID, form: IssueForm) -> ReportState:
        """Issue an approved revision; from then on it does not change."""
        wanted = IssueRevision(
            report_id=report_id,
            expected_version=expected_version(req),
            rendering_id=form.rendering_id,
            issue_status=form.issue_status,
            recipients=tuple(Addressed(name=each.name, email=each.email) for each in form.recipients),
        )
        return change_report(self._services, req, resp, report_id, wanted)
