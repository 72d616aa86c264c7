"""A report on reports that is made again and again and sent to people."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final, Self
from uuid import UUID

from countersign.aggregates.due import require_due
from countersign.aggregates.periodic_work import MissedPolicy
from countersign.aggregates.root import DomainError, Root
from countersign.aggregates.schedule.cadence import InvalidSchedule
from countersign.aggregates.schedule.plan import Plan
from countersign.aggregates.schedule.runs import Run, Runs, run_id

GRACE: Final = timedelta(minutes=15)
"""A run that begins later than this after its due time has missed it."""


class ScheduleDeleted(DomainError):
    """Who kept the schedule keeps it no longer."""

    code = "schedule_deleted"
    status = 404


class Schedule(Runs):
    """Each recipient gets the reports that they may see themselves; who keeps the schedule shares none."""

    TOPIC = "schedule"
    paused: bool = False
    paused_because: str = ""
    deleted: bool = False

    class Created(Root.Created):
        TOPIC = "schedule.created"
        class_version = 2
        owner: UUID
        plan: Plan
        next_due_at: datetime | None

        @staticmethod
        def upcast_v1_v2(state: dict[str, Any]) -> None:
            state["plan"]["search"] = None

    class Changed(Root.Event):
        TOPIC = "schedule.changed"
        plan: Plan
        next_due_at: datetime | None

        def apply(self, schedule: Schedule) -> None:
            schedule.plan, schedule.next_due_at = self.plan, self.next_due_at

    class Paused(Root.Event):
        TOPIC = "schedule.paused"
        class_version = 2
        reason: str = ""  # why it could not go on by itself; empty when somebody has paused it

        def apply(self, schedule: Schedule) -> None:
            schedule.paused, schedule.next_due_at = True, None
            schedule.paused_because = self.reason

        @staticmethod
        def upcast_v1_v2(state: dict[str, Any]) -> None:
            state["reason"] = ""

    class Resumed(Root.Event):
        TOPIC = "schedule.resumed"
        next_due_at: datetime | None

        def apply(self, schedule: Schedule) -> None:
            schedule.paused, schedule.next_due_at = False, self.next_due_at
            schedule.paused_because = ""

    class Deleted(Root.Event):
        TOPIC = "schedule.deleted"

        def apply(self, schedule: Schedule) -> None:
            schedule.deleted, schedule.next_due_at = True, None

    class Missed(Root.Event):
        TOPIC = "schedule.missed"
        first_due: datetime
        last_due: datetime
        count: int
        policy: MissedPolicy
        next_due_at: datetime | None

        def apply(self, schedule: Schedule) -> None:
            schedule.next_due_at = self.next_due_at

    class Fired(Root.Event):
        TOPIC = "schedule.fired"
        run_id: UUID
        due_at: datetime
        next_due_at: datetime | None
        by: UUID | None

        def apply(self, schedule: Schedule) -> None:
            schedule.latest = Run(self.run_id, self.due_at)
            schedule.next_due_at = self.next_due_at

    @classmethod
    def create(
        cls, schedule_id: UUID, at: datetime, owner: UUID, plan: Plan, next_due_at: datetime | None
    ) -> Self:
        """Keep a schedule.

        Raises:
            InvalidSchedule: with a pointer to each fault; also when it would never be due.
        """
        _require_use(plan, next_due_at)
        return cls._create(
            cls.Created, id=schedule_id, timestamp=at, owner=owner, plan=plan, next_due_at=next_due_at
        )

    def change(self, at: datetime, plan: Plan, next_due_at: datetime | None) -> None:
        """Do something else from now on; while it is paused it stays so. No change is none.

        Raises:
            ScheduleDeleted: it is gone.
            InvalidSchedule: as at first.
        """
        self.require_kept()
        _require_use(plan, next_due_at)
        if plan != self.plan:
            due_at = None if self.paused else next_due_at
            self.trigger_event(self.Changed, timestamp=at, plan=plan, next_due_at=due_at)

    def pause(self, at: datetime, reason: str = "") -> None:
        """Send nothing until it is resumed; what would have been due meanwhile is not missed.

        Raises:
            ScheduleDeleted: it is gone.
        """
        self.require_kept()
        if not self.paused:
            self.trigger_event(self.Paused, timestamp=at, reason=reason)

    def resume(self, at: datetime, next_due_at: datetime | None) -> None:
        """Go on with the due times from now on.

        Raises:
            ScheduleDeleted: it is gone.
        """
        self.require_kept()
        if self.paused:
            self.trigger_event(self.Resumed, timestamp=at, next_due_at=next_due_at)

    def delete(self, at: datetime) -> None:
        """Keep it no longer; deleting it twice changes nothing."""
        if not self.deleted:
            self.trigger_event(self.Deleted, timestamp=at)

    def run_now(self, at: datetime, by: UUID) -> None:
        """Make and send it now, besides its due times; also while it is paused.

        Raises:
            ScheduleDeleted: it is gone.
        """
        self.require_kept()
        self._fire(at, at, self.next_due_at, by)

    def fire(
        self, at: datetime, since: Sequence[datetime], next_due_at: datetime | None, hindrance: str = ""
    ) -> None:
        """Make and send what is due: `since` are the times from `next_due_at` of before up to now, in order.

        Nothing happens when it is not due then any more: it was fired, changed, paused, or deleted. What
        cannot be sent any more, because of a `hindrance`, is paused.

        Raises:
            NotDueYet: the time has not come by this clock.
        """
        if not since or since[0] != self.next_due_at:
            return
        require_due(at, since[0])
        if hindrance:
            self.pause(at, hindrance)
            return
        late = at - since[-1] > GRACE
        runs = self.plan.missed is MissedPolicy.ONCE or not late
        if missed := since[:-1] if runs else since:
            self._miss(at, missed, None if runs else next_due_at)
        if runs:
            self._fire(at, since[-1], next_due_at, None)

    @property
    def is_active(self) -> bool:
        """Whether it counts among those that its owner keeps going."""
        return not self.paused and not self.deleted

    def require_kept(self) -> None:
        """Refuse what makes no sense any more.

        Raises:
            ScheduleDeleted: it is gone.
        """
        if self.deleted:
            raise ScheduleDeleted("this schedule is not kept any longer")

    def _fire(self, at: datetime, due_at: datetime, next_due_at: datetime | None, by: UUID | None) -> None:
        self.trigger_event(
            self.Fired,
            timestamp=at,
            run_id=run_id(self.id, due_at),
            due_at=due_at,
            next_due_at=next_due_at,
            by=by,
        )

    def _miss(self, at: datetime, missed: Sequence[datetime], next_due_at: datetime | None) -> None:
        self.trigger_event(
            self.Missed,
            timestamp=at,
            first_due=missed[0],
            last_due=missed[-1],
            count=len(missed),
            policy=self.plan.missed,
            next_due_at=next_due_at,
        )


def _require_use(plan: Plan, next_due_at: datetime | None) -> None:
    plan.require_sound()
    if next_due_at is None:
        raise InvalidSchedule("this is never due", (("/cadence", "never comes"),))
