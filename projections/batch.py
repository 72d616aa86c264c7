"""Takes a page of the log into units that stand at the same position, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection

from countersign.eventstore.databases import Database, commit_without_sync
from countersign.eventstore.mapper import Happened
from countersign.projections.outage import tells_of_outage
from countersign.projections.positions import Position, move
from countersign.projections.projection import CannotProject
from countersign.projections.rows import Rows
from countersign.projections.unit import Unit

Held = Mapping[Unit, Position]
"""Units and where this process, their owner, has brought them."""


def take(read: Database, held: Held, events: Sequence[Happened]) -> None:
    """Write what follows from the events, and that they were taken: for all of these units or none.

    Raises:
        CannotProject: one of them cannot take one of the events.
        PositionMoved: this process no longer owns one of them.
    """
    with read.write() as connection:
        commit_without_sync(connection)
        take_within(connection, held, events)


def take_within(connection: Connection, held: Held, events: Sequence[Happened]) -> None:
    """The same as part of a transaction.

    The positions move first, so that whoever holds a position still holds the tables still.
    """
    move(connection, held.values(), events[-1].position)
    for unit in held:
        _fold(unit, events, Rows(connection, unit.placed))


def _fold(unit: Unit, events: Sequence[Happened], rows: Rows) -> None:
    try:
        unit.projection.fold(unit.of(events), rows)
        rows.flush()
    except Exception as error:
        if tells_of_outage(error):
            raise
        # A database adds the row that it refused on further lines: names and addresses are not for the log.
        why = f"{type(error).__name__}: {error}".partition("\n")[0]
        raise CannotProject(unit.projection.name, events[0].position, why) from error
