"""Takes a page of the log into projections that stand at the same position, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from countersign.eventstore.databases import Database, commit_without_sync
from countersign.eventstore.mapper import Happened
from countersign.projections.checkpoints import Checkpoint, move
from countersign.projections.outage import tells_of_outage
from countersign.projections.projection import CannotProject, Projection
from countersign.projections.rows import Rows

Held = Mapping[Projection, Checkpoint]
"""Projections and where this process, their owner, has brought them."""


def take(read: Database, held: Held, events: Sequence[Happened]) -> None:
    """Write what follows from the events, and that they were taken: for all of these projections or none.

    The checkpoints move first, so that whoever holds a checkpoint still holds the tables still.

    Raises:
        CannotProject: one of them cannot take one of the events.
        CheckpointMoved: this process no longer owns one of them.
    """
    with read.write() as connection:
        commit_without_sync(connection)
        move(connection, held.values(), events[-1].position)
        for projection in held:
            _fold(projection, events, Rows(connection))


def _fold(projection: Projection, events: Sequence[Happened], rows: Rows) -> None:
    try:
        projection.fold(events, rows)
        rows.flush()
    except Exception as error:
        if tells_of_outage(error):
            raise
        # A database adds the row that it refused on further lines: names and addresses are not for the log.
        why = f"{type(error).__name__}: {error}".partition("\n")[0]
        raise CannotProject(projection.name, events[0].position, why) from error
