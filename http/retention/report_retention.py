"""How one report is kept, and what is decided about it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from falcon import Request, Response

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
from countersign.http.endpoints import command, query
from countersign.http.fields import Line, Text
from countersign.http.reports.report_commands import dispatch_on
from countersign.http.reports.visibility import visible_report
from countersign.http.retention.answers import RetentionAnswer, retention_answer
from countersign.http.services import Services

_REFUSALS = (403, 404, 409, 410)


class RetentionReasonForm(Form):
    """Why, in 10 characters or more; it stays in the history for good."""

    reason: Text


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


class ReportRetention(_OfReport):
    """`GET /v1/reports/{report_id}/retention`."""

    @query("Retention", refusals=(404,))
    def on_get(self, req: Request, _resp: Response, report_id: UUID) -> RetentionAnswer:
        """Show how a report is kept; of a disposed one, its tombstone."""
        return retention_answer(visible_report(self._services.aggregates, req.context.claims, report_id))


class Archiving(_OfReport):
    """`POST /v1/reports/{report_id}/archive`."""

    @command("Retention", refusals=_REFUSALS)
    def on_post(
        self, req: Request, resp: Response, report_id: UUID, form: RetentionReasonForm
    ) -> RetentionAnswer:
        """Put an issued report into the archive, for the time that the policy gives it."""
        return self._give(req, resp, ArchiveReport(report_id=report_id, reason=form.reason))


class Restoration(_OfReport):
    """`POST /v1/reports/{report_id}/restore`."""

    @command("Retention", refusals=_REFUSALS)
    def on_post(
        self, req: Request, resp: Response, report_id: UUID, form: RetentionReasonForm
    ) -> RetentionAnswer:
        """Take a report out of the archive."""
        return self._give(req, resp, RestoreFromArchive(report_id=report_id, reason=form.reason))


class Holding(_OfReport):
    """`POST /v1/reports/{report_id}/hold`."""

    @command("Retention", refusals=_REFUSALS)
    def on_post(self, req: Request, resp: Response, report_id: UUID, form: LegalHoldForm) -> RetentionAnswer:
        """Keep everything of a report for a matter of law; a proposal to dispose of it falls."""
        wanted = PlaceLegalHold(report_id=report_id, matter=form.matter, reason=form.reason)
        return self._give(req, resp, wanted)


class Releasing(_OfReport):
    """`POST /v1/reports/{report_id}/hold/release`."""

    @command("Retention", refusals=_REFUSALS)
    def on_post(self, req: Request, resp: Response, report_id: UUID, form: LegalHoldForm) -> RetentionAnswer:
        """Let a report go as far as one matter is concerned."""
        wanted = ReleaseLegalHold(report_id=report_id, matter=form.matter, reason=form.reason)
        return self._give(req, resp, wanted)


class DispositionProposal(_OfReport):
    """`POST /v1/reports/{report_id}/disposition`."""

    @command("Retention", refusals=_REFUSALS)
    def on_post(
        self, req: Request, resp: Response, report_id: UUID, form: RetentionReasonForm
    ) -> RetentionAnswer:
        """Propose that the contents of a report vanish; a second person approves."""
        return self._give(req, resp, ProposeDisposition(report_id=report_id, reason=form.reason))


class DispositionApproval(_OfReport):
    """`POST /v1/reports/{report_id}/disposition/approve`."""

    @command("Retention", refusals=_REFUSALS)
    def on_post(
        self, req: Request, resp: Response, report_id: UUID, form: RetentionReasonForm
    ) -> RetentionAnswer:
        """Approve it as the second person. Reauthenticate first: it cannot be taken back once carried out."""
        return self._give(req, resp, ApproveDisposition(report_id=report_id, reason=form.reason))


class DispositionRefusal(_OfReport):
    """`POST /v1/reports/{report_id}/disposition/decline`."""

    @command("Retention", refusals=_REFUSALS)
    def on_post(
        self, req: Request, resp: Response, report_id: UUID, form: RetentionReasonForm
    ) -> RetentionAnswer:
        """Let a proposal fall, also an approved one that was not carried out yet."""
        return self._give(req, resp, DeclineDisposition(report_id=report_id, reason=form.reason))
