"""Somebody wants a schedule to do something else from now on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from countersign.aggregates.schedule.cadence import Cadence
from countersign.aggregates.schedule.plan import Plan
from countersign.aggregates.schedule.schedule import Schedule
from countersign.commands.permit import permit
from countersign.commands.schedule.due_times import due_after
from countersign.commands.schedule.usable import require_usable
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeSchedule:
    schedule_id: UUID
    expected_version: int
    plan: Plan


def change_schedule(command: ChangeSchedule, store: Store) -> Receipt:
    """Give it another plan; what is paused stays so.

    Raises:
        NotFound, StaleVersion, ScheduleDeleted: there is none, or another one than the caller has seen.
        InvalidSchedule: with a pointer to each fault.
    """
    schedule = store.load(Schedule, command.schedule_id, expected_version=command.expected_version)
    permit(store, "ChangeSchedule", own=[schedule.owner])
    schedule.require_kept()
    require_usable(command.plan, schedule.owner, store)
    schedule.change(store.now, command.plan, _next_due_at(schedule, command.plan.cadence, store.now))
    return store.save(schedule)


def _next_due_at(schedule: Schedule, cadence: Cadence, now: datetime) -> datetime | None:
    """At the same cadence the time stays, even one that has come and was not seen to yet."""
    same = cadence == schedule.plan.cadence
    return schedule.next_due_at if same and schedule.next_due_at else due_after(cadence, now)
