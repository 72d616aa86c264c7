"""Takes a page of the log into units that stand at the same position, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection

from countersign.eventstore.databases import Database
from countersign.projections.following import positions
from countersign.projections.following.pages import Item
from countersign.projections.following.positions import Position
from countersign.projections.following.taking import CannotTake, Stopped, Taking
from countersign.projections.following.unit import Unit
from countersign.projections.letters import dead_letters
from countersign.projections.letters.dead_letters import Letter
from countersign.projections.letters.parked import Parked

Held = Mapping[Unit, Position]
"""Units and where this process, their owner, has brought them."""

ParkedOf = Callable[[Unit], Parked]
"""What is parked in a unit already."""


def nothing_parked(_unit: Unit) -> Parked:
    """Of a unit without letters."""
    return Parked()


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of it: what was parked, by unit, and the units that stay where they stood."""

    parked: dict[Unit, Parked] = field(default_factory=dict)
    letters: dict[Unit, list[Letter]] = field(default_factory=dict)
    stopped: dict[Unit, Stopped] = field(default_factory=dict)


def take(
    read: Database,
    held: Held,
    page: Sequence[Item],
    letters_max: int,
    parked_of: ParkedOf = nothing_parked,
) -> Taken:
    """Write what follows from the events, and that they were taken.

    When one of them cannot be taken, all is done again with care: each unit parks what it cannot take, and
    one that cannot go on at all is stopped. Nobody else pays for it.

    Raises:
        PositionMoved: this process no longer owns one of the units.
        any of OUTAGES: nothing was written.
    """
    try:
        with read.write(synced=False) as connection:
            return take_within(connection, held, page, letters_max, parked_of)
    except CannotTake:
        with read.write(synced=False) as connection:
            return take_carefully(connection, held, page, letters_max, parked_of)


def take_within(
    connection: Connection,
    held: Held,
    page: Sequence[Item],
    letters_max: int,
    parked_of: ParkedOf = nothing_parked,
) -> Taken:
    """The same as part of a transaction, for all of these units or none.

    The positions move first, so that whoever holds a position still holds the tables still.

    Raises:
        CannotTake: one of them cannot take one of the events.
    """
    positions.move(connection, held.values(), page[-1].position)
    taken = Taken()
    for unit in held:
        taking = Taking(connection, unit, parked_of(unit).draft(), letters_max)
        taking.at_once(page)
        _note(connection, unit, taking, taken)
    return taken


def take_carefully(
    connection: Connection,
    held: Held,
    page: Sequence[Item],
    letters_max: int,
    parked_of: ParkedOf = nothing_parked,
) -> Taken:
    """The same for each of these units, as far as it can."""
    positions.lock(connection, [unit.place for unit in held])
    taken = Taken()
    for unit, at in held.items():
        taking = Taking(connection, unit, parked_of(unit).draft(), letters_max)
        try:
            with connection.begin_nested():
                positions.move(connection, [at], page[-1].position)
                taking.one_by_one(page)
                _note(connection, unit, taking, taken)
        except Stopped as stopped:
            taken.stopped[unit] = stopped
    return taken


def _note(connection: Connection, unit: Unit, taking: Taking, taken: Taken) -> None:
    if taking.letters:
        dead_letters.add(connection, unit.place, taking.letters)
        taken.parked[unit] = taking.parked
        taken.letters[unit] = taking.letters
