"""What happens to a stage that waits: its approver is reminded, others hear of it, somebody else is asked."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import cast
from uuid import UUID

from countersign.aggregates.due import require_due
from countersign.aggregates.report.refusals import StageNotOpen
from countersign.aggregates.report.remarks import require_reason
from countersign.aggregates.report.review import Review
from countersign.aggregates.report.route import Assigned, OpenStage, Stage, require_eligible
from countersign.aggregates.report.status import Status
from countersign.aggregates.role import Role
from countersign.aggregates.root import Root
from countersign.aggregates.roster import Roster
from countersign.aggregates.type_definition import RouteStage


class Deadlines(Review):
    """A stage is due by a time, and what comes of that time names it: for another it is nothing.

    That somebody was reminded, or heard of a delay, changes nothing that a decision rests on: `aside` is the
    version before the latest such events, and that of the last of them.
    """

    aside: tuple[int, int] = (0, 0)

    class ApproverReminded(Root.Event):
        TOPIC = "report.approver_reminded"
        revision: str
        stage: int
        approver: UUID
        nth: int
        due_at: datetime

        def apply(self, report: Deadlines) -> None:
            report.open_stage = replace(_known(report.open_stage), reminded=self.nth)
            report.step_aside(self.originator_version)

    class StageEscalated(Root.Event):
        TOPIC = "report.stage_escalated"
        revision: str
        stage: int
        role: Role
        approver: UUID
        to: tuple[UUID, ...]
        due_at: datetime
        overdue_s: int

        def apply(self, report: Deadlines) -> None:
            report.open_stage = replace(_known(report.open_stage), escalated=True)
            report.step_aside(self.originator_version)

    class StageReassigned(Root.Event):
        TOPIC = "report.stage_reassigned"
        revision: str
        stage: int
        role: Role
        previous: UUID
        approver: UUID
        reason: str
        by: UUID
        due_at: datetime | None
        remind_at: tuple[datetime, ...]

        def apply(self, report: Deadlines) -> None:
            report.stages = tuple(
                replace(each, approver=self.approver) if each.n == self.stage else each
                for each in report.stages
            )
            report.approvers = tuple(
                replace(each, approver=self.approver) if each.stage == self.stage else each
                for each in report.approvers
            )
            if self.due_at is not None:
                since = _known(report.open_stage).opened_at
                report.open_stage = OpenStage(self.stage, since, self.due_at, self.remind_at)

    def is_as_at(self, version: int) -> bool:
        """Whether who has read it at that version has read all that weighs for a decision on it."""
        since, last = self.aside
        return version == self.version or (last == self.version and since <= version < last)

    def step_aside(self, version: int) -> None:
        """Note that the event which made this version weighs nothing."""
        since, last = self.aside
        self.aside = (since if last == version - 1 else version - 1, version)

    def remind_approver(self, at: datetime, stage: int, due_at: datetime, nth: int) -> None:
        """Remind whoever decides on a stage for the nth time, counted from 1, before it is due then.

        Nothing happens when the stage is not open or due at another time, when this was done before, or when
        the next of these times has come as well: a reminder that comes very late is none.

        Raises:
            NotDueYet: the time has not come by this clock.
        """
        waiting = self._waiting(stage, due_at)
        if waiting is None or nth <= waiting.reminded or (*waiting.remind_at, due_at)[nth] <= at:
            return
        require_due(at, waiting.remind_at[nth - 1])
        self.trigger_event(
            self.ApproverReminded,
            timestamp=at,
            revision=self.revision,
            stage=stage,
            approver=self._stage(stage).approver,
            nth=nth,
            due_at=due_at,
        )

    def escalate_stage(self, at: datetime, stage: int, due_at: datetime, roster: Roster) -> None:
        """Let others know that a stage which was due then is overdue; what is decided stays the approver's.

        Nothing happens when the stage is not open or due at another time, or when this was done before.

        Raises:
            NotDueYet: the time has not come by this clock.
        """
        waiting = self._waiting(stage, due_at)
        if waiting is None or waiting.escalated:
            return
        require_due(at, due_at)
        late = self._stage(stage)
        self.trigger_event(
            self.StageEscalated,
            timestamp=at,
            revision=self.revision,
            stage=stage,
            role=late.role,
            approver=late.approver,
            to=tuple(sorted(_to_hear_of(late, roster))),
            due_at=due_at,
            overdue_s=int((at - due_at).total_seconds()),
        )

    def reassign_stage(
        self, at: datetime, by: UUID, stage: int, to: UUID, reason: str, roster: Roster
    ) -> None:
        """Ask somebody else to decide on a stage that is not decided; if it is open, its time begins anew.

        Raises:
            StageNotOpen: it is decided, or the revision is not in review.
            UnknownStage, NotEligible, PreparerIsApprover, OnePersonOneStage: and why.
            ReasonRequired: the reason says nothing.
        """
        asked = self._undecided(stage)
        require_reason(reason)
        others = [Assigned(each.n, each.role, each.approver) for each in self.stages]
        wanted = RouteStage(asked.n, asked.role, asked.title)
        require_eligible(to, wanted, roster, self.preparers, others)
        if to == asked.approver:
            return
        is_open = self.open_stage is not None and self.open_stage.n == stage
        self.trigger_event(
            self.StageReassigned,
            timestamp=at,
            revision=self.revision,
            stage=stage,
            role=asked.role,
            previous=asked.approver,
            approver=to,
            reason=reason,
            by=by,
            due_at=asked.due_at(at) if is_open else None,
            remind_at=asked.remind_at(at) if is_open else (),
        )

    def approver_of(self, stage: int) -> UUID | None:
        """Who was asked to decide on a stage of what is in review."""
        return next((each.approver for each in self.stages if each.n == stage), None)

    def _waiting(self, stage: int, due_at: datetime) -> OpenStage | None:
        now_open = self.open_stage
        is_meant = now_open is not None and (now_open.n, now_open.due_at) == (stage, due_at)
        return now_open if is_meant else None

    def _undecided(self, stage: int) -> Stage:
        if self.status is not Status.IN_REVIEW or self.open_stage is None:
            raise StageNotOpen(f"Revision {self.revision} is {self.status.spoken}, not in review.")
        asked = self._stage(stage)
        if stage < self.open_stage.n:
            raise StageNotOpen(f"Stage {stage} is decided.")
        return asked


def _known(waiting: OpenStage | None) -> OpenStage:
    return cast("OpenStage", waiting)  # only of a stage that is open do such events tell


def _to_hear_of(late: Stage, roster: Roster) -> Collection[UUID]:
    holders = {account for account, role in roster.roles.items() if role is late.escalate_to}
    return (holders - {late.approver}) or roster.administrators
