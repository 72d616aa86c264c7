"""Somebody does not want a schedule any more."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from countersign.aggregates.schedule.schedule import Schedule
from countersign.commands.permit import permit
from countersign.commands.schedule.books import book_of
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteSchedule:
    schedule_id: UUID


def delete_schedule(command: DeleteSchedule, store: Store) -> Receipt:
    """Keep it no longer; deleting it twice changes nothing.

    Raises:
        NotFound: there is no such schedule.
    """
    schedule = store.load(Schedule, command.schedule_id)
    permit(store, "DeleteSchedule", own=[schedule.owner])
    schedule.delete(store.now)
    book = book_of(store, schedule.owner)
    book.strike(store.now, schedule.id)
    return store.save(schedule, book)
