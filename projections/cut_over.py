"""Lets readers see another build, in one transaction; the one that they saw can be kept to go back to."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Connection

from countersign.aggregates.read_model_builds import Promote
from countersign.eventstore.databases import Database
from countersign.eventstore.outage import DatabaseUnavailable
from countersign.projections import builds, schema
from countersign.projections.builds import Build, Status
from countersign.projections.moment import moment
from countersign.projections.positions import State
from countersign.projections.projection import Projection
from countersign.projections.side_by_side import (
    Feed,
    NotNow,
    Pair,
    bring_to,
    furthest,
    held_still,
    look,
)

_AT_ONCE: Final = "SET LOCAL lock_timeout = '100ms'"
"""Whoever wants to read waits behind whoever wants the view: better try again than let them queue."""


def cut_over(read: Database, feed: Feed, projection: Projection, build: Build, keep_h: float) -> int:
    """Show a build, which is as far then as what was shown; the position from which it is shown.

    No table is dropped here: that would take as long as somebody still reads.

    Raises:
        NotNow: it is paused, has stopped, is too far behind or may not be shown; or somebody reads at length.
    """
    try:
        with read.write() as connection:
            return _exchange(connection, feed, look(connection, projection, build), keep_h)
    except DatabaseUnavailable as busy:
        raise NotNow(f"the tables are in use: {busy}") from busy


def _exchange(connection: Connection, feed: Feed, pair: Pair, keep_h: float) -> int:
    build, live = pair.build, pair.live
    held = held_still(connection, live, build)
    if live and any(held[place].state is State.PAUSED for place in live.places):
        raise NotNow("what readers see is paused")
    reached = furthest(held, live.places) if live else 0
    bring_to(connection, feed, pair.units(build), held, reached)
    shown_from = max(reached, min(held[place].position for place in build.places))
    if live:
        _step_back(connection, live, build, keep_h)
    shown: dict[str, Any] = {"shown_from": shown_from, "replaces": live.build if live else None}
    shown |= {"announced": False, "promote": Promote.NEVER, "note": None, "retire_at": None}
    if not builds.turn(connection, build.name, build.build, [Status.FOLLOWING], status=Status.LIVE, **shown):
        raise NotNow("it was given up meanwhile")
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(_AT_ONCE)
    schema.show(connection, pair.projection, build.placed(pair.projection))
    return shown_from


def _step_back(connection: Connection, live: Build, build: Build, keep_h: float) -> None:
    for older in builds.load(connection, [live.name], [Status.FOLLOWING]):
        if older.retire_at is not None and older.build != build.build:
            builds.change(connection, older.name, older.build, status=Status.RETIRING)
    kept = {"status": Status.FOLLOWING, "retire_at": moment() + keep_h * 3600}
    values = kept if build.keep else {"status": Status.RETIRING}
    builds.change(connection, live.name, live.build, promote=Promote.NEVER, **values)
