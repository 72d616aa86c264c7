"""From draft into review, and back."""

from __future__ import annotations

from uuid import UUID

from falcon import Request, Response

from countersign.commands.report.submit_for_review import SubmitForReview
from countersign.commands.report.withdraw_submission import WithdrawSubmission
from countersign.http.bodies import Form
from countersign.http.endpoints import command
from countersign.http.fields import Text
from countersign.http.preconditions import expected_version
from countersign.http.reports.report_commands import ReportState, change_report
from countersign.http.services import Services


class SubmissionForm(Form):
    """What the author has to say to the approvers."""

    comment: Text = ""


class WithdrawalForm(Form):
    """Why the revision is taken back, in 10 characters at least."""

    reason: Text


class Submission:
    """`POST /v1/reports/{report_id}/submit`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @command("Approval", if_match="report", refusals=(403, 409))
    def on_post(self, req: Request, resp: Response, report_id: UUID, form: SubmissionForm) -> ReportState:
        """Sign as the author and submit for review: the content is frozen. Reauthenticate first."""
        wanted = SubmitForReview(
            report_id=report_id, expected_version=expected_version(req), comment=form.comment
        )
        return change_report(self._services, req, resp, report_id, wanted)


class Withdrawal:
    """`POST /v1/reports/{report_id}/withdraw`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @command("Approval", if_match="report", refusals=(403, 409))
    def on_post(self, req: Request, resp: Response, report_id: UUID, form: WithdrawalForm) -> ReportState:
        """Take a revision back from review; its signatures fall."""
        wanted = WithdrawSubmission(
            report_id=report_id, expected_version=expected_version(req), reason=form.reason
        )
        return change_report(self._services, req, resp, report_id, wanted)
