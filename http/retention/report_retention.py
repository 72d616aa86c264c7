"""How one report is kept, and what is decided about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from falcon import Request, Response
from pydantic import Field

from countersign.aggregates.report.report import Report
from countersign.commands.retention.approve_disposition import ApproveDisposition
from countersign.commands.retention.archive_report import ArchiveReport
from countersign.commands.retention.decline_disposition import DeclineDisposition
from countersign.commands.retention.place_legal_hold import PlaceLegalHold
from countersign.commands.retention.propose_disposition import ProposeDisposition
from countersign.commands.retention.release_legal_hold import ReleaseLegalHold
from countersign.commands.retention.restore_from_archive import RestoreFromArchive
from countersign.http.bodies import Form
from countersign.http.calls import answer_receipt, as_left
from countersign.http.endpoints import Responder, command, query
from countersign.http.fields import Line, Text
from countersign.http.reports.report_commands import dispatch_on
from countersign.http.reports.visibility import visible_report
from countersign.http.retention.answers import RetentionAnswer, retention_answer
from countersign.http.services import Services

_REFUSALS = (403, 404, 409, 410)


class RetentionReasonForm(Form):
    """Why, in 10 characters or more; it stays in the history for good."""

    reason: Text


class DispositionApprovalForm(RetentionReasonForm):
    """Why, and the `report_version` at which the proposal was read."""

    report_version: int = Field(strict=True, ge=1, le=2**31)


class LegalHoldForm(RetentionReasonForm):
    """The matter, as those who deal with it call it."""

    matter: Line


class _OfReport:
    def __init__(self, services: Services) -> None:
        self._services = services

    def _give(self, req: Request, resp: Response, wanted: Any) -> RetentionAnswer:
        services = self._services
        receipt = dispatch_on(services, req, wanted.report_id, wanted)
        answer_receipt(resp, receipt)
        return retention_answer(as_left(services.aggregates, Report, wanted.report_id, receipt))


def _reasoned(kind: Callable[..., Any], told: str) -> Responder:
    @command("Retention", refusals=_REFUSALS)
    def on_post(
        self: _OfReport, req: Request, resp: Response, report_id: UUID, form: RetentionReasonForm
    ) -> RetentionAnswer:
        return self._give(req, resp, kind(report_id=report_id, reason=form.reason))

    on_post.__doc__ = told
    return on_post


def _about_a_matter(kind: Callable[..., Any], told: str) -> Responder:
    @command("Retention", refusals=_REFUSALS)
    def on_post(
        self: _OfReport, req: Request, resp: Response, report_id: UUID, form: LegalHoldForm
    ) -> RetentionAnswer:
        return self._give(req, resp, kind(report_id=report_id, matter=form.matter, reason=form.reason))

    on_post.__doc__ = told
    return on_post


class ReportRetention(_OfReport):
    """`GET /v1/reports/{report_id}/retention`."""

    @query("Retention", refusals=(404,))
    def on_get(self, req: Request, _resp: Response, report_id: UUID) -> RetentionAnswer:
        """Show how a report is kept; of a disposed one, its tombstone."""
        return retention_answer(visible_report(self._services.aggregates, req.context.claims, report_id))


class Archiving(_OfReport):
    """`POST /v1/reports/{report_id}/archive`."""

    on_post = _reasoned(
        ArchiveReport, "Put an issued report into the archive, for the time that the policy gives it."
    )


class Restoration(_OfReport):
    """`POST /v1/reports/{report_id}/restore`."""

    on_post = _reasoned(
        RestoreFromArchive,
        "Take a report out of the archive.",
    )


class Holding(_OfReport):
    """`POST /v1/reports/{report_id}/hold`."""

    on_post = _about_a_matter(
        PlaceLegalHold, "Keep everything of a report for a matter of law; a proposal to dispose of it falls."
    )


class Releasing(_OfReport):
    """`POST /v1/reports/{report_id}/hold/release`."""

    on_post = _about_a_matter(
        ReleaseLegalHold,
        "Let a report go as far as one matter is concerned.",
    )


class DispositionProposal(_OfReport):
    """`POST /v1/reports/{report_id}/disposition`."""

    on_post = _reasoned(
        ProposeDisposition, "Propose that the contents of a report vanish; a second person approves."
    )


class DispositionApproval(_OfReport):
    """`POST /v1/reports/{report_id}/disposition/approve`."""

    @command("Retention", refusals=(*_REFUSALS, 412))
    def on_post(
        self, req: Request, resp: Response, report_id: UUID, form: DispositionApprovalForm
    ) -> RetentionAnswer:
        """Approve it as the second person. Reauthenticate first: it cannot be taken back once carried out."""
        wanted = ApproveDisposition(
            report_id=report_id, expected_version=form.report_version, reason=form.reason
        )
        return self._give(req, resp, wanted)


class DispositionRefusal(_OfReport):
    """`POST /v1/reports/{report_id}/disposition/decline`."""

    on_post = _reasoned(
        DeclineDisposition, "Let a proposal fall, also an approved one that was not carried out yet."
    )
