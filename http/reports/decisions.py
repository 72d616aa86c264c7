"""What is decided on a stage, and by whom."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal
from uuid import UUID

from falcon import Request, Response
from pydantic import Field, StringConstraints

from countersign.aggregates.report.remarks import MOST_ITEMS, Item
from countersign.commands.report.approve_stage import ApproveStage
from countersign.commands.report.reassign_stage import ReassignStage
from countersign.commands.report.request_changes import RequestChanges
from countersign.http.bodies import Form
from countersign.http.endpoints import command
from countersign.http.fields import Digest, Key, Text
from countersign.http.preconditions import expected_version
from countersign.http.reports.report_commands import ReportState, change_report
from countersign.http.services import Services


class ApprovalForm(Form):
    """An approval. `content_digest` is that of the report as the approver has read it.

    Review code A: approved; B: approved as noted in the comment.
    """

    content_digest: Digest
    meaning: Annotated[str, StringConstraints(min_length=1, max_length=200)] = Field(examples=["approval"])
    comment: Text = ""
    review_code: Literal["A", "B"] = "A"


class ItemForm(Form):
    """One thing to mend, in a section and perhaps in one row of it."""

    section: Key
    row: Key | None = None
    text: Text


class ChangesForm(Form):
    """Why a revision goes back, in 10 characters at least.

    Review code C: revise and resubmit; D: rejected.
    """

    reason: Text
    items: Annotated[tuple[ItemForm, ...], Field(max_length=MOST_ITEMS)] = ()
    review_code: Literal["C", "D"] = "C"


class ReassignmentForm(Form):
    """The account of who is to decide instead, and why, in 10 characters at least."""

    approver: UUID
    reason: Text


class _OfStage:
    def __init__(self, services: Services) -> None:
        self._services = services

    def _change(
        self, req: Request, resp: Response, kind: Callable[..., Any], report_id: UUID, **said: Any
    ) -> ReportState:
        wanted = kind(report_id=report_id, expected_version=expected_version(req), **said)
        return change_report(self._services, req, resp, report_id, wanted)


class Approval(_OfStage):
    """`POST /v1/reports/{report_id}/stages/{stage}/approve`."""

    @command("Approval", if_match="report", refusals=(403, 409))
    def on_post(
        self, req: Request, resp: Response, report_id: UUID, stage: int, form: ApprovalForm
    ) -> ReportState:
        """Sign a stage; the next one opens, or the revision is approved. Reauthenticate first."""
        return self._change(req, resp, ApproveStage, report_id, stage=stage, **form.model_dump())


class ChangeRequest(_OfStage):
    """`POST /v1/reports/{report_id}/stages/{stage}/request-changes`."""

    @command("Approval", if_match="report", refusals=(403, 409))
    def on_post(
        self, req: Request, resp: Response, report_id: UUID, stage: int, form: ChangesForm
    ) -> ReportState:
        """Send a revision back to its author; every signature under it falls."""
        items = tuple(Item(section=each.section, row=each.row, text=each.text) for each in form.items)
        said = {"reason": form.reason, "items": items, "review_code": form.review_code}
        return self._change(req, resp, RequestChanges, report_id, stage=stage, **said)


class Reassignment(_OfStage):
    """`POST /v1/reports/{report_id}/stages/{stage}/reassign`."""

    @command("Approval", if_match="report", refusals=(403, 409))
    def on_post(
        self, req: Request, resp: Response, report_id: UUID, stage: int, form: ReassignmentForm
    ) -> ReportState:
        """Ask somebody else to decide on a stage in review; if it is open, its time begins anew."""
        said = {"to": form.approver, "reason": form.reason}
        return self._change(req, resp, ReassignStage, report_id, stage=stage, **said)
