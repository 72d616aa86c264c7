"""A schedule is to go on."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from countersign.aggregates.schedule.schedule import Schedule
from countersign.commands.permit import permit
from countersign.commands.schedule.due_times import due_after
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeSchedule:
    schedule_id: UUID


def resume_schedule(command: ResumeSchedule, store: Store) -> Receipt:
    """Go on with the due times from now on.

    Raises:
        NotFound: there is no such schedule.
        ScheduleDeleted: it is not kept any longer.
    """
    schedule = store.load(Schedule, command.schedule_id)
    permit(store, "ResumeSchedule", own=[schedule.owner])
    schedule.resume(store.now, due_after(schedule.plan.cadence, store.now))
    return store.save(schedule)
