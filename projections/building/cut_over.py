"""Lets readers see another build, in one transaction; the one that they saw can be kept to go back to."""

from __future__ import annotations

from time import sleep
from typing import Any, Final

from sqlalchemy import Connection

from countersign.aggregates.read_model_builds import Promote
from countersign.eventstore.databases import Database
from countersign.eventstore.outage import DatabaseUnavailable
from countersign.projections.building import builds, schema
from countersign.projections.building.builds import Build, Status
from countersign.projections.building.side_by_side import (
    Feed,
    NotNow,
    Pair,
    bring_to,
    furthest,
    held_still,
    look,
)
from countersign.projections.following.positions import State
from countersign.projections.moment import moment
from countersign.projections.projection import Projection

_AT_ONCE: Final = "SET LOCAL lock_timeout = '100ms'"
"""Whoever wants to read waits behind whoever wants the view: better try again than let them queue."""

_TRIES: Final = 20
_GRACE_S: Final = 0.02
"""For readers that have taken their snapshot and not yet found the view."""


def cut_over(read: Database, feed: Feed, projection: Projection, build: Build, keep_h: float) -> int:
    """Show a build, which is as far then as what was shown; the position from which it is shown.

    No table is dropped here: that would take as long as somebody still reads.

    Raises:
        NotNow: it is paused, has stopped, is too far behind or may not be shown; or somebody reads at length.
    """
    try:
        for attempt in range(_TRIES):
            with read.write() as connection:
                shown_from = _exchange(connection, feed, look(connection, projection, build), keep_h)
            if shown_from is not None:
                return shown_from
            sleep(_GRACE_S if attempt < _TRIES // 2 else 0)
    except DatabaseUnavailable as busy:
        raise NotNow(f"the tables are in use: {busy}") from busy
    raise NotNow("what readers see does not stand still")


def _exchange(connection: Connection, feed: Feed, pair: Pair, keep_h: float) -> int | None:
    build, live = pair.build, pair.live
    held = held_still(connection, live, build)
    if live and any(held[place].state is State.PAUSED for place in live.places):
        raise NotNow("what readers see is paused")
    reached = furthest(held, live.places) if live else 0
    if any(held[place].position < reached for place in build.places):
        # A reader that waits for the view has its snapshot already: the rest has to be committed before.
        bring_to(connection, feed, pair.units(build), held, reached)
        return None
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
