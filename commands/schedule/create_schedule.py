"""Somebody wants reports told of again and again."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from countersign.aggregates.root import DomainError
from countersign.aggregates.schedule.plan import Plan
from countersign.aggregates.schedule.schedule import Schedule
from countersign.commands.options import Options
from countersign.commands.permit import permit, responsible_account
from countersign.commands.schedule.books import book_of
from countersign.commands.schedule.due_times import due_after
from countersign.commands.schedule.usable import require_usable
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


class ScheduleExists(DomainError):
    """A schedule was made under this id before."""

    code = "schedule_exists"


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateSchedule:
    schedule_id: UUID
    plan: Plan


def create_schedule(command: CreateSchedule, store: Store, options: Options) -> Receipt:
    """Keep a schedule for its owner; each recipient gets what they may see themselves.

    Raises:
        ScheduleExists: it was made before.
        InvalidSchedule: with a pointer to each fault.
        TooManySchedules: the owner has as many as may be active.
    """
    permit(store, "CreateSchedule")
    if store.find(Schedule, command.schedule_id) is not None:
        raise ScheduleExists("this schedule was made before")
    owner = responsible_account(store)
    require_usable(command.plan, owner, store)
    next_due_at = due_after(command.plan.cadence, store.now)
    schedule = Schedule.create(command.schedule_id, store.now, owner, command.plan, next_due_at)
    book = book_of(store, owner)
    book.enter(store.now, schedule.id, options.active_schedules_max)
    return store.save(schedule, book)
