"""What an order about a projection would touch, said before it is given."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sqlalchemy import Connection

from countersign.projections.building import builds
from countersign.projections.building.builds import Build
from countersign.projections.orders.inspection import BuildStanding, Inspection
from countersign.projections.orders.table_sizes import TableSize, table_sizes
from countersign.projections.orders.work_done import work_done

ASSUMED_RATE: Final = 10_000.0
"""Events a second of a rebuild, where none was made here that had to read `_ENOUGH`."""
_ENOUGH: Final = 1_000


class Order(StrEnum):
    """What can be ordered."""

    REBUILD = "rebuild"
    COMPARE = "compare"
    PROMOTE = "promote"
    ROLLBACK = "rollback"
    RETIRE = "retire"
    CANCEL = "cancel"
    PAUSE = "pause"
    RESUME = "resume"
    RETRY = "retry"
    DISCARD = "discard"


class Fate(StrEnum):
    """What becomes of a table."""

    MADE = "made"
    COMPARED = "compared"
    SHOWN = "shown"
    KEPT = "kept"
    DROPPED = "dropped"
    WRITTEN = "written"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Touched:
    """A table; of one that is yet to be made, rows and size are those of the one that it is like."""

    table: str
    rows: int
    size_bytes: int | None
    fate: Fate


@dataclass(frozen=True, slots=True, kw_only=True)
class Impact:
    """`position` is where readers are now, `events` how many would be read, in about `seconds`.

    `measured` says whether the estimate comes from an earlier build. Whatever is ordered, none of the `mails`
    and `documents` that the events have caused is sent or made again; they are None while nobody counts them.
    """

    order: Order
    projection: str
    build: int | None
    tables: Sequence[Touched]
    position: int
    head: int
    events: int
    seconds: float
    measured: bool
    letters: int
    mails: int | None
    documents: int | None


def impact(
    connection: Connection, order: Order, seen: Inspection, build: int | None = None, *, keep: bool = True
) -> Impact:
    """What the order would do, to the build of that number where it is about one."""
    live, about = seen.live, _about(order, seen, build)
    events = _events(order, seen, about)
    rate = _rate(connection)
    done = work_done(connection)
    return Impact(
        order=order,
        projection=seen.projection.name,
        build=about.build.build if about else build or _next(seen),
        tables=list(_touched(connection, order, seen, about, keep=keep)),
        position=live.position if live else 0,
        head=seen.head,
        events=events,
        seconds=events / (rate or ASSUMED_RATE),
        measured=rate is not None,
        letters=live.letters if live else 0,
        mails=done.mails if done else None,
        documents=done.documents if done else None,
    )


def _about(order: Order, seen: Inspection, build: int | None) -> BuildStanding | None:
    if order in (Order.REBUILD, Order.COMPARE) and build is None:
        return None
    return seen.live if build is None else seen.of(build)


def _next(seen: Inspection) -> int:
    return max((each.build.build for each in seen.builds), default=0) + 1


def _events(order: Order, seen: Inspection, about: BuildStanding | None) -> int:
    if order in (Order.REBUILD, Order.COMPARE) and about is None:
        return seen.head
    if order in (Order.COMPARE, Order.PROMOTE, Order.ROLLBACK, Order.RESUME) and about:
        return max(0, seen.head - about.position)
    return 0


def _touched(
    connection: Connection, order: Order, seen: Inspection, about: BuildStanding | None, *, keep: bool
) -> Iterable[Touched]:
    live = table_sizes(connection, seen.live.build.tables) if seen.live else []
    aside = table_sizes(connection, about.build.tables) if about and about is not seen.live else []
    replaced = Fate.KEPT if keep else Fate.DROPPED
    match order:
        case Order.REBUILD if about is None:
            yield from _with(Fate.MADE, _to_be(seen, live))
            yield from _with(replaced, live)
        case Order.COMPARE if about is None:
            yield from _with(Fate.MADE, _to_be(seen, live))
            yield from _with(Fate.COMPARED, live)
        case Order.COMPARE:
            yield from _with(Fate.COMPARED, [*aside, *live])
        case Order.REBUILD | Order.PROMOTE | Order.ROLLBACK:
            yield from _with(Fate.SHOWN, aside)
            yield from _with(replaced, live)
        case Order.RETIRE | Order.CANCEL:
            yield from _with(Fate.DROPPED, aside)
            yield from _with(Fate.LEFT, live)
        case Order.PAUSE:
            yield from _with(Fate.LEFT, live)
        case Order.RESUME | Order.RETRY | Order.DISCARD:
            yield from _with(Fate.WRITTEN, live)


def _with(fate: Fate, sizes: Iterable[TableSize]) -> Iterable[Touched]:
    return (Touched(each.table, each.rows, each.size_bytes, fate) for each in sizes)


def _to_be(seen: Inspection, live: Iterable[TableSize]) -> Iterable[TableSize]:
    projection, sizes = seen.projection, list(live)
    known = any(each.build.version == projection.version for each in seen.builds)
    suffix = f"_b{_next(seen)}" if known else ""
    for table in projection.tables:
        like = [size for size in sizes if size.table.startswith(f"{projection.view_name(table)}_v")]
        rows, size_bytes = (like[0].rows, like[0].size_bytes) if like else (0, None)
        yield TableSize(f"{table.name}{suffix}", rows, size_bytes)


def _rate(connection: Connection) -> float | None:
    """The best of all: one that waited for a worker, or had little to read, was no slower for that."""
    return max((rate for each in builds.load(connection) if (rate := _rate_of(each))), default=None)


def _rate_of(build: Build) -> float | None:
    position = (build.report or {}).get("position") or 0
    if position < _ENOUGH or not build.finished_at or build.finished_at <= build.created_at:
        return None
    return float(position / (build.finished_at - build.created_at))
