"""The time has come at which a schedule is due."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice, takewhile
from typing import Final
from uuid import UUID

from countersign.aggregates.schedule.cadence import Cadence
from countersign.aggregates.schedule.schedule import Schedule
from countersign.commands.permit import permit
from countersign.commands.schedule.books import book_of
from countersign.commands.schedule.due_times import due_after, due_times
from countersign.commands.schedule.hindrance import hindrance_of
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store

MOST_COUNTED: Final = 1000
LOOKED_BACK: Final = (timedelta(days=1), timedelta(days=32), timedelta(days=400))


@dataclass(frozen=True, slots=True, kw_only=True)
class FireSchedule:
    """The schedule that was due at `due_at`."""

    schedule_id: UUID
    due_at: datetime


def fire_schedule(command: FireSchedule, store: Store) -> Receipt:
    """Begin the run that is due, unless that was done; of what was missed the plan says what becomes.

    A schedule that can send nothing any more is paused instead, and says why.

    Raises:
        NotDueYet: the time has not come by this clock.
    """
    permit(store, "FireSchedule")
    schedule = store.load(Schedule, command.schedule_id)
    cadence = schedule.plan.cadence
    since = (command.due_at, *_times_between(cadence, command.due_at, store.now))
    schedule.fire(store.now, since, due_after(cadence, store.now), hindrance_of(schedule, store))
    book = book_of(store, schedule.owner)
    note = book.adopt if schedule.is_active else book.strike
    note(store.now, schedule.id)
    return store.save(schedule, book)


def _times_between(cadence: Cadence, due_at: datetime, now: datetime) -> tuple[datetime, ...]:
    """The due times that have passed as well; of very many only the latest."""
    passed = tuple(islice(_until(now, cadence, due_at), MOST_COUNTED))
    if len(passed) < MOST_COUNTED:
        return passed
    latest = (tuple(_until(now, cadence, max(due_at, now - span))) for span in LOOKED_BACK)
    return next(filter(None, latest), passed)


def _until(now: datetime, cadence: Cadence, after: datetime) -> Iterator[datetime]:
    return takewhile(lambda time: time <= now, due_times(cadence, after))
