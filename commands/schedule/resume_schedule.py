"""A schedule is to go on."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from countersign.aggregates.schedule.schedule import Schedule
from countersign.commands.options import Options
from countersign.commands.permit import permit
from countersign.commands.schedule.books import book_of
from countersign.commands.schedule.due_times import due_after
from countersign.commands.schedule.hindrance import require_unhindered
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeSchedule:
    schedule_id: UUID


def resume_schedule(command: ResumeSchedule, store: Store, options: Options) -> Receipt:
    """Go on with the due times from now on.

    Raises:
        NotFound: there is no such schedule.
        ScheduleDeleted: it is not kept any longer.
        ScheduleHindered: what has paused it is still so.
        TooManySchedules: the owner has as many as may be active.
    """
    schedule = store.load(Schedule, command.schedule_id)
    permit(store, "ResumeSchedule", own=[schedule.owner])
    schedule.require_kept()
    require_unhindered(schedule, store)
    schedule.resume(store.now, due_after(schedule.plan.cadence, store.now))
    book = book_of(store, schedule.owner)
    book.enter(store.now, schedule.id, options.active_schedules_max)
    return store.save(schedule, book)
