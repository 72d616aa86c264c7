"""How far each unit of a build has come, moved by compare-and-set under the fence of its owner."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Double,
    Integer,
    MetaData,
    Row,
    String,
    Table,
    Text,
    bindparam,
    delete,
    insert,
    select,
    tuple_,
    update,
)

from countersign.projections.moment import moment

Place = tuple[str, int, int]
"""The name of a projection, the number of a build, and a segment of it."""

metadata: Final = MetaData()
positions: Final = Table(
    "projection_positions",
    metadata,
    Column("name", String(63), primary_key=True),
    Column("build", Integer, primary_key=True),
    Column("segment", Integer, primary_key=True),
    Column("position", BigInteger, nullable=False, default=0),
    Column("fence", BigInteger, nullable=False, default=0),
    Column("state", String(10), nullable=False, default="running"),
    Column("failed_position", BigInteger),
    Column("error", Text),
    Column("error_class", String(80)),
    Column("holder", String(200)),
    Column("held_since", Double),
    Column("moved_at", Double),
    Column("rate", Double, nullable=False, default=0.0),
)
_place: Final = tuple_(positions.c.name, positions.c.build, positions.c.segment)
_held: Final = tuple_(*(positions.c[name] for name in ("name", "build", "segment", "position", "fence")))


class State(StrEnum):
    """Whether a unit goes on."""

    RUNNING = "running"
    PAUSED = "paused"
    FAILED = "failed"


_MOVE: Final = (
    update(positions)
    .where(_held.in_(bindparam("held", expanding=True)), positions.c.state == State.RUNNING)
    .values(position=bindparam("to"), moved_at=moment())
)
_NOTE_RATE: Final = (
    update(positions)
    .where(positions.c.name == bindparam("of"))
    .where(positions.c.build == bindparam("nr"), positions.c.segment == bindparam("part"))
    .values(rate=bindparam("to"))
)
_GOING_ON: Final[Mapping[str, Any]] = {
    "state": State.RUNNING,
    "failed_position": None,
    "error": None,
    "error_class": None,
}


class PositionMoved(Exception):
    """Somebody else owns the unit now, or moved it: nothing of this batch was written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """All events of the unit up to `position` are in its tables.

    When it has failed, `failed_position` is the event it cannot take and `error` says why. `rate` is in
    events a second while the owner last moved it; `held_since` and `moved_at` are in seconds since 1970.
    """

    name: str
    build: int
    segment: int
    position: int = 0
    fence: int = 0
    state: State = State.RUNNING
    failed_position: int | None = None
    error: str | None = None
    error_class: str | None = None
    holder: str | None = None
    held_since: float | None = None
    moved_at: float | None = None
    rate: float = 0.0

    @property
    def place(self) -> Place:
        """Which unit it is of."""
        return self.name, self.build, self.segment

    def at(self, position: int) -> Position:
        """The same one, moved."""
        return replace(self, position=position)


def load(connection: Connection, names: Collection[str] | None = None) -> dict[Place, Position]:
    """The positions of all builds, or of those of some projections."""
    query = select(positions)
    if names is not None:
        query = query.where(positions.c.name.in_(names))
    return {at.place: at for at in map(_position, connection.execute(query))}


def create(connection: Connection, name: str, build: int, segments: int) -> None:
    """Let every segment of a build begin at nothing."""
    rows = [{"name": name, "build": build, "segment": segment} for segment in range(segments)]
    connection.execute(insert(positions), rows)


def forget(connection: Connection, name: str, build: int | None = None) -> None:
    """Take away those of a build, or of all builds: whoever owns one cannot move it any more."""
    one = positions.c.name == name
    connection.execute(delete(positions).where(one if build is None else one & (positions.c.build == build)))


def claim(connection: Connection, place: Place, fence: int, holder: str) -> Position:
    """Take over a unit: from now on nobody with a lower fence can move it. A failed one tries again.

    Raises:
        PositionMoved: somebody has claimed it under a higher fence, or its build is gone.
    """
    current = lock(connection, [place]).get(place)
    if current is None or current.fence > fence:
        raise PositionMoved(f"{place} has an owner with a fence above {fence}, or is gone")
    again: Mapping[str, Any] = _GOING_ON if current.state is State.FAILED else {}
    claimed = {"fence": fence, "holder": holder, "held_since": moment(), "rate": 0.0, **again}
    connection.execute(update(positions).where(_place == place).values(**claimed))
    return lock(connection, [place])[place]


def lock(connection: Connection, places: Iterable[Place]) -> dict[Place, Position]:
    """Those positions, held still until the transaction ends; always locked in the same order."""
    wanted = select(positions).where(_place.in_(list(places))).order_by(*positions.primary_key)
    return {at.place: at for at in map(_position, connection.execute(wanted.with_for_update()))}


def move(connection: Connection, held: Collection[Position], to: int) -> None:
    """Move units that stand at one position, all or none; their rows follow in the same transaction.

    Raises:
        PositionMoved: one of them is not where its owner left it.
    """
    places = [(*at.place, at.position, at.fence) for at in held]
    moved = connection.execute(_MOVE, {"held": places, "to": to})
    if moved.rowcount != len(held):
        raise PositionMoved(f"{moved.rowcount} of {len(held)} units could be moved to {to}")


def fail(connection: Connection, held: Position, position: int | None, error: str, kind: str) -> Position:
    """Stop a unit at the event that it cannot take.

    Raises:
        PositionMoved: it is not where its owner left it.
    """
    move(connection, [held], held.position)
    failed = {"state": State.FAILED, "failed_position": position, "error": error, "error_class": kind}
    connection.execute(update(positions).where(_place == held.place).values(**failed))
    return replace(held, state=State.FAILED, failed_position=position, error=error, error_class=kind)


def note_rates(connection: Connection, rates: Mapping[Place, float]) -> None:
    """Note how many events a second the owner of a unit takes."""
    if rates:
        noted = [
            dict(zip(("of", "nr", "part", "to"), (*place, rate), strict=True))
            for place, rate in rates.items()
        ]
        connection.execute(_NOTE_RATE, noted)


def resume(connection: Connection, name: str) -> bool:
    """Let the units of a projection go on that were paused or had failed; whether there were any."""
    return _all(connection, name, (State.PAUSED, State.FAILED), _GOING_ON)


def pause(connection: Connection, name: str) -> bool:
    """Let the units of a projection stand still; whether any moved. Whoever moves one finds out at once."""
    return _all(connection, name, (State.RUNNING,), {"state": State.PAUSED})


def _all(connection: Connection, name: str, states: Collection[State], values: Mapping[str, Any]) -> bool:
    those = (positions.c.name == name) & positions.c.state.in_(states)
    return connection.execute(update(positions).where(those).values(**values)).rowcount > 0


def _position(row: Row[Any]) -> Position:
    return Position(**{**row._mapping, "state": State(row.state)})
