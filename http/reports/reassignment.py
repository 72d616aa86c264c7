"""Another person decides on a stage that waits."""

from __future__ import annotations

from uuid import UUID

from falcon import Request, Response

from countersign.commands.report.reassign_stage import ReassignStage
from countersign.http.bodies import Form
from countersign.http.endpoints import command
from countersign.http.fields import Text
from countersign.http.preconditions import expected_version
from countersign.http.reports.report_commands import ReportState, change_report
from countersign.http.services import Services


class ReassignmentForm(Form):
    """The account of who is to decide instead, and why, in 10 characters at least."""

    approver: UUID
    reason: Text


class Reassignment:
    """`POST /v1/reports/{report_id}/stages/{stage}/reassign`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @command("Approval", if_match="report", refusals=(403, 409))
    def on_post(
        self, req: Request, resp: Response, report_id: UUID, stage: int, form: ReassignmentForm
    ) -> ReportState:
        """Ask somebody else to decide on a stage in review; if it is open, its time begins anew."""
        wanted = ReassignStage(
            report_id=report_id,
            expected_version=expected_version(req),
            stage=stage,
            to=form.approver,
            reason=form.reason,
        )
        return change_report(self._services, req, resp, report_id, wanted)
