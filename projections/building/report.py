"""Compares a build with the live one while both stand at the same position, and holds up nobody meanwhile."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

from sqlalchemy import Connection, Table, func, select

from countersign.eventstore.databases import Database
from countersign.eventstore.leases import Leases
from countersign.projections.building.builds import Build
from countersign.projections.building.comparison import difference
from countersign.projections.building.patience import be_patient
from countersign.projections.building.side_by_side import (
    Feed,
    NotNow,
    Pair,
    bring_to,
    furthest,
    goal,
    held_still,
    look,
    why_incomparable,
    why_out_of_reach,
)
from countersign.projections.following import positions
from countersign.projections.projection import Projection

_TRIES: Final = 20


def report_on(read: Database, feed: Feed, projection: Projection, build: Build) -> dict[str, Any]:
    """What differs; `different` is None where nothing can be compared, and `why` says why not.

    Both are brought to one position, then compared in a snapshot that was taken before either went on.

    Raises:
        NotNow: too far apart, paused, or never still for the blink that a snapshot takes.
    """
    for _ in range(_TRIES):
        holders = Leases(read).holders(f"projection:{projection.name}:")
        pair, why, position = _meet(read, feed, projection, build, holders)
        with read.read() as snapshot:
            be_patient(snapshot)
            if why or pair.live is None:
                rows = _count(snapshot, pair)
                return {"position": position, "rows": rows, "different": None, "tables": {}, "why": why}
            if _stand_at(snapshot, pair, position):
                return difference(snapshot, _tables(pair, pair.live), position)
    raise NotNow("what readers see does not stand still")


def _meet(
    read: Database, feed: Feed, projection: Projection, build: Build, holders: Collection[str]
) -> tuple[Pair, str | None, int]:
    with read.write() as connection:
        pair = look(connection, projection, build)
        why = why_incomparable(connection, pair) or why_out_of_reach(connection, feed, pair, holders)
        if why:
            held = held_still(connection, build)
            position = max(furthest(held, list(held)), goal(connection, feed, pair))
            bring_to(connection, feed, pair.units(build), held, position)
        else:
            held = held_still(connection, pair.live, build)
            position = furthest(held, list(held))
            bring_to(connection, feed, pair.units(pair.live, build), held, position)
    return pair, why, position


def _stand_at(snapshot: Connection, pair: Pair, position: int) -> bool:
    held = positions.load(snapshot, [pair.projection.name])
    places = [unit.place for unit in pair.units(pair.live, pair.build)]
    return all(held[place].position == position for place in places)


def _tables(pair: Pair, live: Build) -> Mapping[Table, Table]:
    shown, beside = live.placed(pair.projection), pair.build.placed(pair.projection)
    return {shown[table]: beside[table] for table in shown}


def _count(snapshot: Connection, pair: Pair) -> int:
    tables = pair.build.placed(pair.projection).values()
    return sum(snapshot.scalar(select(func.count()).select_from(table)) or 0 for table in tables)
