"""The schedules of a person that are active: the list that keeps them from becoming too many."""

from __future__ import annotations

from datetime import datetime
from typing import Self
from uuid import UUID

from countersign.aggregates.root import DomainError, Root, derived_id


class TooManySchedules(DomainError):
    """Each run reads the reports once more, and sends mails."""

    code = "too_many_schedules"


class ScheduleBook(Root):
    """One for each person who has kept a schedule."""

    TOPIC = "schedule_book"
    owner: UUID
    active: frozenset[UUID] = frozenset()

    class Created(Root.Created):
        TOPIC = "schedule_book.opened"
        owner: UUID

    class Entered(Root.Event):
        TOPIC = "schedule_book.entered"
        schedule: UUID

        def apply(self, book: ScheduleBook) -> None:
            book.active = book.active | {self.schedule}

    class Struck(Root.Event):
        TOPIC = "schedule_book.struck"
        schedule: UUID

        def apply(self, book: ScheduleBook) -> None:
            book.active = book.active - {self.schedule}

    @classmethod
    def open(cls, at: datetime, owner: UUID) -> Self:
        """Begin the list of a person."""
        return cls._create(cls.Created, id=book_id(owner), timestamp=at, owner=owner)

    def enter(self, at: datetime, schedule: UUID, most: int) -> None:
        """Have one more active.

        Raises:
            TooManySchedules: there are `most` already.
        """
        if schedule not in self.active and len(self.active) >= most:
            raise TooManySchedules(
                f"{len(self.active)} schedules are active, and {most} may be: pause or delete one first"
            )
        self.adopt(at, schedule)

    def adopt(self, at: datetime, schedule: UUID) -> None:
        """Count one that is active, such as from before there was a list."""
        if schedule not in self.active:
            self.trigger_event(self.Entered, timestamp=at, schedule=schedule)

    def strike(self, at: datetime, schedule: UUID) -> None:
        """Have one less active; striking it twice changes nothing."""
        if schedule in self.active:
            self.trigger_event(self.Struck, timestamp=at, schedule=schedule)


def book_id(owner: UUID) -> UUID:
    """The list of a person."""
    return derived_id("schedule_book", str(owner))
