"""Takes events into one unit: what cannot be taken is parked, and so is what follows on the same key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Final, TypeGuard
from uuid import UUID

from sqlalchemy import Connection

from countersign.eventstore.mapper import Happened
from countersign.projections.folding.rows import Rows
from countersign.projections.following.pages import Item, Undecoded
from countersign.projections.following.trouble import Trouble, pause, trouble_of
from countersign.projections.following.unit import Unit
from countersign.projections.letters.complaint import Complaint, complaint
from countersign.projections.letters.dead_letters import Letter, touched
from countersign.projections.letters.parked import Parked
from countersign.projections.projection import Projection

_NONE: Final[Mapping[int, Letter]] = MappingProxyType({})


def is_readable(items: Sequence[Item]) -> TypeGuard[Sequence[Happened]]:
    """Whether all of it can be read."""
    return all(type(item) is Happened for item in items)


class CannotTake(Exception):
    """Some of these events cannot be taken; the cause is chained."""

    def __init__(self, unit: Unit, position: int, told: Complaint) -> None:
        super().__init__(f"{unit} cannot take what follows on position {position}: {told}")
        self.unit = unit
        self.position = position
        self.told = told


class Stopped(CannotTake):
    """The unit cannot go on, and no event is to blame."""


class Taking:
    """One unit within a transaction. `letters` are those that came up, `parked` says what is parked by now.

    `known` are letters that are tried again, by position. More than `letters_max` parked keys stop the unit:
    that many events are not to blame.
    """

    def __init__(
        self,
        connection: Connection,
        unit: Unit,
        parked: Parked,
        letters_max: int,
        known: Mapping[int, Letter] = _NONE,
    ) -> None:
        self.parked = parked
        self.letters: list[Letter] = []
        self._connection = connection
        self._unit = unit
        self._letters_max = letters_max
        self._known = known

    def at_once(self, items: Sequence[Item]) -> None:
        """Take all events that can be read and are not behind a parked one, in as few statements as can be.

        Raises:
            CannotTake: one of them cannot be taken, and what was written has to be undone.
            Stopped: as it says.
            any of OUTAGES: the database is away.
        """
        self._fold(self._admitted(items))

    def one_by_one(self, items: Sequence[Item]) -> None:
        """Take all that can be taken, each failing event found by halves, and park the others.

        Raises:
            Stopped: as it says.
            any of OUTAGES: the database is away.
        """
        events = self._admitted(items)
        try:
            with self._connection.begin_nested():
                self._fold(events)
        except Stopped:
            raise
        except CannotTake as refused:
            if len(events) == 1:
                self._park(events[0], refused.told)
                return
            half = len(events) // 2
            self.one_by_one(events[:half])
            self.one_by_one(events[half:])

    def _fold(self, events: Sequence[Happened]) -> None:
        if not events:
            return
        projection = self._unit.projection
        try:
            keys = dict.fromkeys(map(projection.key, events))
            rows = Rows(self._connection, self._unit.placed, keys)
            projection.fold(events, rows)
            rows.flush()
        except Exception as error:
            trouble = trouble_of(error)
            if trouble is Trouble.OUTAGE:
                raise pause(error) from error.__cause__
            refusal = Stopped if trouble is Trouble.STRUCTURE else CannotTake
            culprit = events[0] if len(events) == 1 else None
            raise refusal(self._unit, events[0].position, complaint(error, culprit)) from error

    def _admitted(self, items: Sequence[Item]) -> Sequence[Happened]:
        if not self.parked and is_readable(items):
            return self._unit.of(items)
        return list(self._each_admitted(items))

    def _each_admitted(self, items: Sequence[Item]) -> Iterator[Happened]:
        for item in items:
            if isinstance(item, Undecoded):
                if _concerns(self._unit, item):
                    self._park(item, item.complaint)
            elif self._unit.takes(item):
                if self._is_behind(item):
                    self._park(item)
                else:
                    yield item

    def _is_behind(self, happened: Happened) -> bool:
        projection = self._unit.projection
        return self.parked.holds(touched_by(projection, happened)) and projection.concerns(happened.topic)

    def _park(self, item: Item, told: Complaint | None = None) -> None:
        letter = self._letter(item, told)
        self.letters.append(letter)
        self.parked.add(letter)
        if self.parked.keys() > self._letters_max:
            many = f"more than {self._letters_max} keys are parked; the last: {letter.error or letter.key}"
            raise Stopped(self._unit, item.position, Complaint("TooManyLetters", many))

    def _letter(self, item: Item, told: Complaint | None) -> Letter:
        known = self._known.get(item.position) or _letter_of(self._unit, item)
        if told is None:
            return replace(known, failed=False)
        attempts = known.attempts + 1
        return replace(known, failed=True, error_class=told.error_class, error=told.error, attempts=attempts)


def touched_by(projection: Projection, happened: Happened) -> frozenset[UUID]:
    """Every key that the rows of an event hang on."""
    key, also = projection.key(happened), projection.also(happened)
    return touched(key, happened.stream, happened.version, also)


def _concerns(unit: Unit, nobodys: Undecoded) -> bool:
    of_segment = nobodys.stream.int % unit.segments == unit.segment
    return of_segment and (nobodys.strange or unit.projection.concerns(nobodys.topic))


def _letter_of(unit: Unit, item: Item) -> Letter:
    projection = unit.projection
    key, also = (
        (item.stream, ()) if isinstance(item, Undecoded) else (projection.key(item), projection.also(item))
    )
    return Letter(
        position=item.position,
        key=key,
        also=also,
        stream=item.stream,
        version=item.version,
        topic=item.topic,
        failed=False,
    )
