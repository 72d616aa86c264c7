"""A schedule is to send nothing for a while."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from countersign.aggregates.schedule.schedule import Schedule
from countersign.commands.permit import permit
from countersign.commands.schedule.books import book_of
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseSchedule:
    schedule_id: UUID


def pause_schedule(command: PauseSchedule, store: Store) -> Receipt:
    """Pause it; pausing it twice changes nothing.

    Raises:
        NotFound: there is no such schedule.
        ScheduleDeleted: it is not kept any longer.
    """
    schedule = store.load(Schedule, command.schedule_id)
    permit(store, "PauseSchedule", own=[schedule.owner])
    schedule.pause(store.now)
    book = book_of(store, schedule.owner)
    book.strike(store.now, schedule.id)
    return store.save(schedule, book)
