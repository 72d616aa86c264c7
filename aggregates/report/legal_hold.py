"""A matter of law for which nothing of a report may vanish."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from countersign.aggregates.report.deadlines import Deadlines
from countersign.aggregates.report.remarks import require_line, require_reason
from countersign.aggregates.report.retention_refusals import HoldMissing, ReportDisposed
from countersign.aggregates.report.standing import LegalHold, Proposal, Standing
from countersign.aggregates.root import Root


class Held(Deadlines):
    """While a report is on hold it is not disposed of, whoever agrees."""

    standing: Standing = Standing.ACTIVE
    holds: tuple[LegalHold, ...] = ()
    proposal: Proposal | None = None

    class LegalHoldPlaced(Root.Event):
        TOPIC = "report.legal_hold_placed"
        matter: str
        reason: str
        by: UUID

        def apply(self, report: Held) -> None:
            report.holds = (*report.holds, LegalHold(self.matter, self.timestamp, self.by))
            report.proposal = None

    class LegalHoldReleased(Root.Event):
        TOPIC = "report.legal_hold_released"
        matter: str
        reason: str
        by: UUID

        def apply(self, report: Held) -> None:
            report.holds = tuple(hold for hold in report.holds if hold.matter != self.matter)

    def place_legal_hold(self, at: datetime, matter: str, reason: str, by: UUID) -> None:
        """Keep everything for a matter; a proposal to dispose of it falls. The same matter changes nothing.

        Raises:
            ReportDisposed: it is too late.
            ReasonRequired, InvalidField: the reason or the matter says nothing.
        """
        self.require_not_disposed()
        require_line(matter, "matter")
        require_reason(reason)
        if all(hold.matter != matter for hold in self.holds):
            self.trigger_event(self.LegalHoldPlaced, timestamp=at, matter=matter, reason=reason, by=by)

    def release_legal_hold(self, at: datetime, matter: str, reason: str, by: UUID) -> None:
        """Let go for one matter; others may still hold it.

        Raises:
            HoldMissing: it is not held for that matter.
            ReasonRequired: the reason says nothing.
        """
        if all(hold.matter != matter for hold in self.holds):
            raise HoldMissing("The report is not held for that matter.", (("/matter", "is not held"),))
        require_reason(reason)
        self.trigger_event(self.LegalHoldReleased, timestamp=at, matter=matter, reason=reason, by=by)

    def require_not_disposed(self) -> None:
        """Refuse what needs the contents.

        Raises:
            ReportDisposed: only the tombstone is left.
        """
        if self.standing is Standing.DISPOSED:
            raise ReportDisposed("The contents were disposed of; the report's retention shows when and why.")
