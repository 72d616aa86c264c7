"""Somebody does not wait until a schedule is due."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from countersign.aggregates.schedule.schedule import Schedule
from countersign.commands.permit import permit
from countersign.commands.schedule.hindrance import require_unhindered
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSchedule:
    schedule_id: UUID


def run_schedule(command: RunSchedule, store: Store) -> Receipt:
    """Run it now; its due times stay as they are.

    Raises:
        NotFound: there is no such schedule.
        ScheduleDeleted: it is not kept any longer.
        ScheduleHindered: its owner may not, or does not find its search any more.
    """
    schedule = store.load(Schedule, command.schedule_id)
    permit(store, "RunSchedule", own=[schedule.owner])
    schedule.require_kept()
    require_unhindered(schedule, store)
    schedule.run_now(store.now, store.context.actor)
    return store.save(schedule)
