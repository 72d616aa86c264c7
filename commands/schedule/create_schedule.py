"""Somebody wants reports told of again and again."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from countersign.aggregates.account import Account
from countersign.aggregates.root import DomainError
from countersign.aggregates.schedule.cadence import InvalidSchedule
from countersign.aggregates.schedule.plan import Plan
from countersign.aggregates.schedule.schedule import Schedule
from countersign.commands.permit import permit, responsible_account
from countersign.commands.schedule.due_times import due_after
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


class ScheduleExists(DomainError):
    """A schedule was made under this id before."""

    code = "schedule_exists"


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateSchedule:
    schedule_id: UUID
    plan: Plan


def create_schedule(command: CreateSchedule, store: Store) -> Receipt:
    """Keep a schedule for its owner; each recipient gets what they may see themselves.

    Raises:
        ScheduleExists: it was made before.
        InvalidSchedule: with a pointer to each fault.
    """
    permit(store, "CreateSchedule")
    if store.find(Schedule, command.schedule_id) is not None:
        raise ScheduleExists("this schedule was made before")
    command.plan.require_sound()
    _require_people(command.plan, store)
    next_due_at = due_after(command.plan.cadence, store.now)
    owner = responsible_account(store)
    return store.save(Schedule.create(command.schedule_id, store.now, owner, command.plan, next_due_at))


def _require_people(plan: Plan, store: Store) -> None:
    for number, recipient in enumerate(plan.recipients):
        account = store.guard_or_none(Account, recipient)
        if account is None or not account.is_active:
            fault = (f"/recipients/{number}", "is nobody with an active account")
            raise InvalidSchedule("this schedule cannot be kept", (fault,))
