"""A report on reports that is made again and again and sent to people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final, Self
from uuid import UUID

from countersign.aggregates.due import require_due
from countersign.aggregates.periodic_work import MissedPolicy
from countersign.aggregates.root import DomainError, Root
from countersign.aggregates.schedule.cadence import InvalidSchedule
from countersign.aggregates.schedule.plan import Plan, Run, RunState, run_id

GRACE: Final = timedelta(minutes=15)
"""A run that begins later than this after its due time has missed it."""


class ScheduleDeleted(DomainError):
    """Who kept the schedule keeps it no longer."""

    code = "schedule_deleted"
    status = 404


class Schedule(Root):
    """Each recipient gets the reports that they may see themselves; who keeps the schedule shares none."""

    TOPIC = "schedule"
    owner: UUID
    plan: Plan
    next_due_at: datetime | None
    paused: bool = False
    deleted: bool = False
    latest: Run | None = None

    class Created(Root.Created):
        TOPIC = "schedule.created"
        owner: UUID
        plan: Plan
        next_due_at: datetime | None

    class Paused(Root.Event):
        TOPIC = "schedule.paused"

        def apply(self, schedule: Schedule) -> None:
            schedule.paused, schedule.next_due_at = True, None

    class Resumed(Root.Event):
        TOPIC = "schedule.resumed"
        next_due_at: datetime | None

        def apply(self, schedule: Schedule) -> None:
            schedule.paused, schedule.next_due_at = False, self.next_due_at

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

    class RunCompleted(Root.Event):
        TOPIC = "schedule.run_completed"
        run_id: UUID
        mails: int
        rows: int

        def apply(self, schedule: Schedule) -> None:
            schedule.settle(self.run_id, state=RunState.SUCCEEDED, mails=self.mails, rows=self.rows, error="")

    class RunFailed(Root.Event):
        TOPIC = "schedule.run_failed"
        run_id: UUID
        failure_class: str
        message: str

        def apply(self, schedule: Schedule) -> None:
            schedule.settle(self.run_id, state=RunState.FAILED, error=self.message)

    @classmethod
    def create(
        cls, schedule_id: UUID, at: datetime, owner: UUID, plan: Plan, next_due_at: datetime | None
    ) -> Self:
        """Keep a schedule.

        Raises:
            InvalidSchedule: with a pointer to each fault; also when it would never be due.
        """
        plan.require_sound()
        if next_due_at is None:
            raise InvalidSchedule("this is never due", (("/cadence", "never comes"),))
        return cls._create(
            cls.Created, id=schedule_id, timestamp=at, owner=owner, plan=plan, next_due_at=next_due_at
        )

    def pause(self, at: datetime) -> None:
        """Send nothing until it is resumed; what would have been due meanwhile is not missed.

        Raises:
            ScheduleDeleted: it is gone.
        """
        self.require_kept()
        if not self.paused:
            self.trigger_event(self.Paused, timestamp=at)

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

    def fire(self, at: datetime, since: Sequence[datetime], next_due_at: datetime | None) -> None:
        """Make and send what is due: `since` are the times from `next_due_at` of before up to now, in order.

        Nothing happens when it is not due then any more: it was fired, paused, or deleted.

        Raises:
            NotDueYet: the time has not come by this clock.
        """
        if not since or since[0] != self.next_due_at:
            return
        require_due(at, since[0])
        late = at - since[-1] > GRACE
        runs = self.plan.missed is MissedPolicy.ONCE or not late
        if missed := since[:-1] if runs else since:
            self._miss(at, missed, None if runs else next_due_at)
        if runs:
            self._fire(at, since[-1], next_due_at, None)

    def complete_run(self, at: datetime, run: UUID, mails: int, rows: int) -> None:
        """Note what a run has sent, once."""
        if not self._has_succeeded(run):
            self.trigger_event(self.RunCompleted, timestamp=at, run_id=run, mails=mails, rows=rows)

    def fail_run(self, at: datetime, run: UUID, failure_class: str, message: str) -> None:
        """Note why a run could not be made; another attempt may still succeed."""
        if not self._has_succeeded(run):
            self.trigger_event(
                self.RunFailed, timestamp=at, run_id=run, failure_class=failure_class, message=message
            )

    def require_kept(self) -> None:
        """Refuse what makes no sense any more.

        Raises:
            ScheduleDeleted: it is gone.
        """
        if self.deleted:
            raise ScheduleDeleted("this schedule is not kept any longer")

    def settle(self, run: UUID, **outcome: Any) -> None:
        """The part of a fold that keeps how the latest run went; of earlier ones the log knows."""
        if self.latest is not None and self.latest.run_id == run:
            self.latest = replace(self.latest, **outcome)

    def _has_succeeded(self, run: UUID) -> bool:
        latest = self.latest
        return latest is not None and latest.run_id == run and latest.state is RunState.SUCCEEDED

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
