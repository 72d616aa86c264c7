"""The end of a report's life: archived for its time, and in the end disposed of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from countersign.aggregates.report.content import SectionState
from countersign.aggregates.report.legal_hold import Held
from countersign.aggregates.report.remarks import require_reason
from countersign.aggregates.report.retention_refusals import (
    AlreadyProposed,
    NotProposed,
    OnLegalHold,
    RetentionRuns,
    SamePerson,
    WrongStanding,
)
from countersign.aggregates.report.standing import Proposal, Retention, Standing
from countersign.aggregates.report.tombstone import Tombstone
from countersign.aggregates.root import Root


class Retained(Held):
    """Disposing takes two people; what was disposed of does not come back."""

    retention: Retention | None = None
    tombstone: Tombstone | None = None

    class Archived(Root.Event):
        TOPIC = "report.archived"
        policy_version: int
        retention_until: datetime
        reason: str
        by: UUID

        def apply(self, report: Retained) -> None:
            report.standing = Standing.ARCHIVED
            report.retention = Retention(self.policy_version, self.retention_until)

    class Restored(Root.Event):
        TOPIC = "report.restored"
        reason: str
        by: UUID

        def apply(self, report: Retained) -> None:
            report.standing = Standing.ACTIVE
            report.retention = None
            report.proposal = None

    class DispositionProposed(Root.Event):
        TOPIC = "report.disposition_proposed"
        reason: str
        by: UUID

        def apply(self, report: Retained) -> None:
            report.proposal = Proposal(self.by, self.reason)

    class DispositionDeclined(Root.Event):
        TOPIC = "report.disposition_declined"
        reason: str
        by: UUID

        def apply(self, report: Retained) -> None:
            report.proposal = None

    class DispositionApproved(Root.Event):
        TOPIC = "report.disposition_approved"
        reason: str
        by: UUID
        not_before: datetime

        def apply(self, report: Retained) -> None:
            if report.proposal is not None:
                report.proposal = replace(report.proposal, approved_by=self.by, not_before=self.not_before)

    class Disposed(Root.Event):
        TOPIC = "report.disposed"
        tombstone: Tombstone
        tombstone_digest: str

        def apply(self, report: Retained) -> None:
            report.standing = Standing.DISPOSED
            report.tombstone = self.tombstone
            report.sections = _emptied(report.sections)

    class ContentDestroyed(Root.Event):
        TOPIC = "report.content_destroyed"
        contents: int
        shared: int

        def apply(self, report: Retained) -> None:
            """What it tells of lies outside of the report."""

    def restore(self, at: datetime, reason: str, by: UUID) -> None:
        """Take it out of the archive; a proposal to dispose of it falls.

        Raises:
            WrongStanding: it is not there.
            ReasonRequired: the reason says nothing.
        """
        self._require_archived()
        require_reason(reason)
        self.trigger_event(self.Restored, timestamp=at, reason=reason, by=by)

    def propose_disposition(self, at: datetime, reason: str, by: UUID) -> None:
        """Ask a second person to agree that the contents vanish.

        Raises:
            WrongStanding, RetentionRuns, OnLegalHold: it may not go yet.
            AlreadyProposed: somebody has.
            ReasonRequired: the reason says nothing.
        """
        self.require_disposable(at)
        if self.proposal is not None:
            raise AlreadyProposed("Somebody has proposed to dispose of the report.")
        require_reason(reason)
        self.trigger_event(self.DispositionProposed, timestamp=at, reason=reason, by=by)

    def decline_disposition(self, at: datetime, reason: str, by: UUID) -> None:
        """Let it be; also after an approval, as long as it has not been carried out.

        Raises:
            NotProposed: nobody has proposed it.
            ReasonRequired: the reason says nothing.
        """
        self.require_proposed()
        require_reason(reason)
        self.trigger_event(self.DispositionDeclined, timestamp=at, reason=reason, by=by)

    def approve_disposition(self, at: datetime, reason: str, by: UUID, cooling_off: timedelta) -> None:
        """Agree as the second person; approved before, it changes nothing.

        It is carried out after the time of cooling off, in which it can be declined.

        Raises:
            NotProposed, SamePerson: there is nothing to agree to, or it is one's own proposal.
            WrongStanding, RetentionRuns, OnLegalHold: it may not go any more.
            ReasonRequired: the reason says nothing.
        """
        proposal = self.require_proposed()
        if proposal.by == by:
            raise SamePerson("Whoever proposed it does not approve it: ask another person.")
        self.require_disposable(at)
        require_reason(reason)
        if proposal.approved_by is None:
            self.trigger_event(
                self.DispositionApproved, timestamp=at, reason=reason, by=by, not_before=at + cooling_off
            )

    def note_destroyed(self, at: datetime, contents: int, shared: int) -> None:
        """Note that the contents are gone, but for those that other reports have too.

        Raises:
            WrongStanding: it was not disposed of.
        """
        if self.standing is not Standing.DISPOSED:
            raise WrongStanding(f"The report is {self.standing}, not disposed of.")
        self.trigger_event(self.ContentDestroyed, timestamp=at, contents=contents, shared=shared)

    def _require_archived(self) -> Retention:
        self.require_not_disposed()
        if self.retention is None:
            raise WrongStanding(f"The report is {self.standing}, not archived.")
        return self.retention

    def require_disposable(self, at: datetime) -> Retention:
        """Refuse to dispose of what is to be kept.

        Raises:
            ReportDisposed, WrongStanding: it was disposed of before, or is not in the archive.
            RetentionRuns, OnLegalHold: it may not go yet.
        """
        retention = self._require_archived()
        if at < retention.until:
            raise RetentionRuns(f"The report is kept until {retention.until:%Y-%m-%d}.")
        if self.holds:
            matters = ", ".join(hold.matter for hold in self.holds)
            raise OnLegalHold(f"The report is on hold for {matters}.")
        return retention

    def require_proposed(self) -> Proposal:
        """The proposal that waits for somebody.

        Raises:
            NotProposed: there is none.
        """
        self.require_not_disposed()
        if self.proposal is None:
            raise NotProposed("Nobody has proposed to dispose of the report.")
        return self.proposal


def _emptied(sections: Mapping[str, SectionState]) -> Mapping[str, SectionState]:
    return {
        key: replace(state, content=None, content_ref=None, results={}) for key, state in sections.items()
    }
