"""A run of a schedule has come to its end."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from countersign.aggregates.schedule.schedule import Schedule
from countersign.commands.permit import permit
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordScheduleRun:
    """How many mails went out, with how many rows in all; or, with a failure class, why none did."""

    schedule_id: UUID
    run_id: UUID
    mails: int = 0
    rows: int = 0
    failure_class: str = ""
    message: str = ""


def record_schedule_run(command: RecordScheduleRun, store: Store) -> Receipt:
    """Note how it went."""
    permit(store, "RecordScheduleRun")
    schedule = store.load(Schedule, command.schedule_id)
    if command.failure_class:
        schedule.fail_run(store.now, command.run_id, command.failure_class, command.message)
    else:
        schedule.complete_run(store.now, command.run_id, command.mails, command.rows)
    return store.save(schedule)
