"""The list of a person's schedules, as a command finds it."""

from __future__ import annotations

from uuid import UUID

from countersign.aggregates.schedule.book import ScheduleBook, book_id
from countersign.eventstore.store import Store


def book_of(store: Store, owner: UUID) -> ScheduleBook:
    """Theirs; a new one for who has none yet."""
    return store.find(ScheduleBook, book_id(owner)) or ScheduleBook.open(store.now, owner)
