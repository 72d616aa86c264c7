"""Events that a build could not take, and those that are held behind them: the dead letters of its units."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Double,
    Index,
    Integer,
    MetaData,
    Row,
    String,
    Table,
    Text,
    Uuid,
    bindparam,
    delete,
    func,
    insert,
    select,
    tuple_,
    update,
)

from countersign.aggregates.root import event_id
from countersign.projections.columns import CanonicalJson
from countersign.projections.following.positions import Place
from countersign.projections.moment import moment

metadata: Final = MetaData()
dead_letters: Final = Table(
    "projection_dead_letters",
    metadata,
    Column("name", String(63), primary_key=True),
    Column("build", Integer, primary_key=True),
    Column("position", BigInteger, primary_key=True),
    Column("segment", Integer, nullable=False),
    Column("key", Uuid, nullable=False),
    Column("also", CanonicalJson, nullable=False),
    Column("stream", Uuid, nullable=False),
    Column("version", Integer, nullable=False),
    Column("topic", Text, nullable=False),
    Column("failed", Boolean, nullable=False),
    Column("error_class", String(80)),
    Column("error", Text),
    Column("attempts", Integer, nullable=False, default=0),
    Column("parked_at", Double, nullable=False, default=moment()),
    Column("wanted", String(10), nullable=False, default=""),
)
Index("projection_dead_letters_key", *(dead_letters.c[each] for each in ("name", "build", "key")))
_place: Final = tuple_(dead_letters.c.name, dead_letters.c.build, dead_letters.c.segment)
_at: Final = (
    (dead_letters.c.name == bindparam("of_name"))
    & (dead_letters.c.build == bindparam("of_build"))
    & (dead_letters.c.position == bindparam("at"))
)


class Wanted(StrEnum):
    """What an operator has ordered about a letter."""

    NOTHING = ""
    RETRY = "retry"
    DISCARD = "discard"


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """An event that a unit has not taken: it `failed`, or it is held behind one of the same key that did.

    `also` are further keys that its rows hang on, beside `key`, its stream and itself.
    """

    position: int
    key: UUID
    also: tuple[UUID, ...] = ()
    stream: UUID
    version: int
    topic: str
    failed: bool
    error_class: str | None = None
    error: str | None = None
    attempts: int = 0
    wanted: Wanted = Wanted.NOTHING

    @property
    def touched(self) -> frozenset[UUID]:
        """Every key that its rows hang on: what follows on one of them has to wait for it."""
        return touched(self.key, self.stream, self.version, self.also)


def touched(key: UUID, stream: UUID, version: int, also: Iterable[UUID]) -> frozenset[UUID]:
    """Every key that the rows of an event hang on, the event itself among them."""
    return frozenset((key, stream, event_id(stream, version), *also))


@dataclass(frozen=True, slots=True)
class Count:
    """How many letters a unit has, and of how many of them something is wanted."""

    letters: int
    wanted: int


_COLUMNS: Final = tuple(dead_letters.c[name] for name in Letter.__dataclass_fields__)


def letters_of(connection: Connection, place: Place, *, held_still: bool = False) -> list[Letter]:
    """The letters of a unit by position; nobody orders anything about those that are `held_still`."""
    query = select(*_COLUMNS).where(_place == place).order_by(dead_letters.c.position)
    return [_letter(row) for row in connection.execute(query.with_for_update() if held_still else query)]


def counts(connection: Connection, names: Collection[str]) -> Mapping[Place, Count]:
    """How many letters each unit of these projections has; one without letters is not named."""
    of = (dead_letters.c.name, dead_letters.c.build, dead_letters.c.segment)
    wanted = func.count().filter(dead_letters.c.wanted != Wanted.NOTHING)
    query = select(*of, func.count(), wanted).where(dead_letters.c.name.in_(names)).group_by(*of)
    return {
        (name, build, segment): Count(*count) for name, build, segment, *count in connection.execute(query)
    }


def add(connection: Connection, place: Place, letters: Iterable[Letter]) -> None:
    """Park events."""
    name, build, segment = place
    rows = [{**_row(each), "name": name, "build": build, "segment": segment} for each in letters]
    if rows:
        connection.execute(insert(dead_letters), rows)


def again(connection: Connection, place: Place, letters: Sequence[Letter]) -> None:
    """Note how events that were tried again stand now, and that nothing is wanted of them any more."""
    name, build, _ = place
    for each in letters:
        changed = {"failed": each.failed, "error_class": each.error_class, "error": each.error}
        counted = {"attempts": each.attempts, "wanted": Wanted.NOTHING}
        at = {"of_name": name, "of_build": build, "at": each.position}
        connection.execute(update(dead_letters).where(_at).values(**changed, **counted), at)


def remove(connection: Connection, place: Place, positions: Collection[int]) -> None:
    """Take away letters: their events were taken, or are passed over for good."""
    name, build, _ = place
    if positions:
        gone = [{"of_name": name, "of_build": build, "at": each} for each in sorted(positions)]
        connection.execute(delete(dead_letters).where(_at), gone)


def want(
    connection: Connection, name: str, build: int, wanted: Wanted, positions: Collection[int] = ()
) -> int:
    """Order something about letters of a build, about all that failed when none is named; of how many."""
    of = (dead_letters.c.name == name) & (dead_letters.c.build == build)
    which = dead_letters.c.position.in_(positions) if positions else dead_letters.c.failed
    return connection.execute(update(dead_letters).where(of, which).values(wanted=wanted)).rowcount


def forget(connection: Connection, name: str, build: int | None = None) -> None:
    """Take away the letters of a build whose tables are gone, or of all builds."""
    one = dead_letters.c.name == name
    connection.execute(
        delete(dead_letters).where(one if build is None else one & (dead_letters.c.build == build))
    )


def _row(letter: Letter) -> dict[str, Any]:
    values = {name: getattr(letter, name) for name in Letter.__dataclass_fields__}
    return {**values, "also": [str(each) for each in letter.also]}


def _letter(row: Row[Any]) -> Letter:
    known = {"also": tuple(UUID(each) for each in row.also), "wanted": Wanted(row.wanted)}
    return Letter(**{**row._mapping, **known})
