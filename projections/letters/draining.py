"""Takes a unit's letters at last: those to be tried again, and what was held behind them, in their order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final
from uuid import UUID

from countersign.eventstore.databases import Database
from countersign.eventstore.log import Log, Recorded
from countersign.eventstore.topics import UnknownTopic
from countersign.projections.following.pages import Decode, items
from countersign.projections.following.positions import Position, move
from countersign.projections.following.taking import Taking
from countersign.projections.following.unit import Unit
from countersign.projections.letters import dead_letters
from countersign.projections.letters.dead_letters import Letter, Wanted
from countersign.projections.letters.parked import Parked

AT_ONCE: Final = 1000
"""The most letters of one transaction; the rest of a key stays held until the next."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What can be done about letters: which are passed over for good, which tried, which have to wait."""

    discarded: list[Letter] = field(default_factory=list)
    tried: list[Letter] = field(default_factory=list)
    waiting: list[Letter] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.discarded or self.tried)


@dataclass(frozen=True, slots=True)
class Drained:
    """What came of it: so many were taken; `parked` were tried in vain, and `left` are all that are there."""

    taken: int
    parked: list[Letter]
    left: list[Letter]


def planned(letters: Iterable[Letter], *, new_here: bool = False) -> Plan:
    """What follows from the letters of a unit, by position, and what is wanted of them.

    One that failed waits to be told, and what touches a key of one that waits has to wait as well. Whoever is
    `new_here` may be a newer program: it tries by itself what the one before it did not know at all.
    """
    plan, blocked = Plan(), set[UUID]()
    for letter in letters:
        if letter.wanted is Wanted.DISCARD:
            plan.discarded.append(letter)
        elif _is_stuck(letter, new_here=new_here) or not blocked.isdisjoint(letter.touched):
            plan.waiting.append(letter)
            blocked |= letter.touched
        else:
            plan.tried.append(letter)
    return plan


def drain(
    read: Database,
    log: Log,
    decode: Decode,
    unit: Unit,
    at: Position,
    letters_max: int,
    *,
    new_here: bool = False,
) -> Drained:
    """Do what is wanted of the letters of a unit that stands there, in one transaction.

    Raises:
        PositionMoved: this process no longer owns the unit.
        Stopped: it cannot go on, and no event is to blame.
        any of OUTAGES: nothing was written.
    """
    with read.write(synced=False) as connection:
        move(connection, [at], at.position)
        letters = dead_letters.letters_of(connection, unit.place, held_still=True)
        plan = planned(letters, new_here=new_here)
        tried = plan.tried[:AT_ONCE]
        known = {letter.position: letter for letter in tried}
        taking = Taking(connection, unit, Parked(), letters_max, known)
        taking.one_by_one(items(list(_recorded(log, list(known))), decode))
        parked = {letter.position: letter for letter in taking.letters}
        done = known.keys() - parked.keys()
        in_vain = [letter for letter in plan.waiting if letter.wanted is Wanted.RETRY]
        dead_letters.again(connection, unit.place, [*parked.values(), *in_vain])
        dead_letters.remove(connection, unit.place, done | {letter.position for letter in plan.discarded})
    rest = plan.tried[AT_ONCE:]
    left = [replace(letter, wanted=Wanted.NOTHING) for letter in (*parked.values(), *plan.waiting)]
    left = sorted([*left, *rest], key=lambda letter: letter.position)
    return Drained(len(done), taking.letters, left)


def _is_stuck(letter: Letter, *, new_here: bool) -> bool:
    to_be_tried = letter.wanted is Wanted.RETRY or (new_here and letter.error_class == UnknownTopic.__name__)
    return letter.failed and not to_be_tried


def _recorded(log: Log, positions: Sequence[int]) -> Iterator[Recorded]:
    for first, count in _runs(positions):
        yield from log.read(first - 1, count)


def _runs(positions: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Where positions follow on one another, so that one look at the log brings them all."""
    begun = 0
    for index, position in enumerate(positions):
        if index + 1 == len(positions) or positions[index + 1] != position + 1:
            yield positions[begun], index + 1 - begun
            begun = index + 1
