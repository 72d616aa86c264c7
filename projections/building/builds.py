"""The builds of each projection: sets of tables, of which readers see one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

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
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)

from countersign.aggregates.read_model_builds import Promote
from countersign.projections.building.placing import Placed, placed
from countersign.projections.columns import CanonicalJson
from countersign.projections.following.positions import Place, positions
from countersign.projections.following.unit import Unit
from countersign.projections.moment import moment
from countersign.projections.projection import Projection


class Status(StrEnum):
    """How far a build is; readers see the live one."""

    BUILDING = "building"
    INDEXING = "indexing"
    CATCHING_UP = "catching_up"
    FOLLOWING = "following"
    LIVE = "live"
    RETIRING = "retiring"
    RETIRED = "retired"
    CANCELLED = "cancelled"


RUNNING: Final = (Status.FOLLOWING, Status.LIVE)
"""The builds that a runner moves."""

UNDER_WAY: Final = (Status.BUILDING, Status.INDEXING, Status.CATCHING_UP)
"""The builds that a builder makes."""

metadata: Final = MetaData()
builds: Final = Table(
    "projection_builds",
    metadata,
    Column("name", String(63), primary_key=True),
    Column("build", Integer, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("segments", Integer, nullable=False),
    Column("suffix", String(12), nullable=False, default=""),
    Column("tables", CanonicalJson, nullable=False, default=[]),
    Column("status", String(12), nullable=False),
    Column("promote", String(10), nullable=False, default=Promote.NEVER),
    Column("keep", Boolean, nullable=False, default=True),
    Column("note", Text),
    Column("report", CanonicalJson),
    Column("created_at", Double, nullable=False, default=moment()),
    Column("finished_at", Double),
    Column("replaces", Integer),
    Column("shown_from", BigInteger),
    Column("announced", Boolean, nullable=False, default=True),
    Column("retire_at", Double),
)
Index(
    "projection_builds_one_live",
    builds.c.name,
    unique=True,
    sqlite_where=builds.c.status == Status.LIVE,
    postgresql_where=builds.c.status == Status.LIVE,
)


_REACHED: Final = (
    select(builds.c.name, func.min(positions.c.position).label("reached"))
    .join(positions, (positions.c.name == builds.c.name) & (positions.c.build == builds.c.build))
    .where(builds.c.status == Status.LIVE, builds.c.name.in_(bindparam("names", expanding=True)))
    .group_by(builds.c.name)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Build:
    """One physical set of tables of a projection; times are in seconds since 1970.

    Of one that is ordered, retired or cancelled there are no `tables`.
    `report` has what differed from the build that was live; `note` says what an operator should know. It is
    shown from the position `shown_from` on, in the place of the build `replaces`, which is `announced` to the
    log. One that was replaced has its tables dropped after `retire_at`.
    """

    name: str
    build: int
    version: int
    segments: int
    suffix: str
    tables: Sequence[str]
    status: Status
    promote: Promote
    keep: bool
    note: str | None
    report: Mapping[str, Any] | None
    created_at: float
    finished_at: float | None
    replaces: int | None
    shown_from: int | None
    announced: bool
    retire_at: float | None

    @property
    def places(self) -> tuple[Place, ...]:
        """Its units among the positions."""
        return tuple((self.name, self.build, segment) for segment in range(self.segments))

    def placed(self, projection: Projection) -> Placed:
        """Its physical tables."""
        return placed(projection, self.suffix)

    def units(self, projection: Projection) -> tuple[Unit, ...]:
        """What can be owned of it."""
        tables = self.placed(projection)
        numbers = range(self.segments)
        return tuple(Unit(projection, self.build, number, self.segments, tables) for number in numbers)


def load(
    connection: Connection, names: Collection[str] | None = None, statuses: Iterable[Status] = ()
) -> list[Build]:
    """The builds of all projections, or of some, in their order."""
    query = select(builds).order_by(builds.c.name, builds.c.build)
    if names is not None:
        query = query.where(builds.c.name.in_(names))
    if wanted := list(statuses):
        query = query.where(builds.c.status.in_(wanted))
    return [_build(row) for row in connection.execute(query)]


def live(connection: Connection, name: str) -> Build | None:
    """What readers see of a projection."""
    return next(iter(load(connection, [name], [Status.LIVE])), None)


def add(connection: Connection, name: str, version: int, segments: int, **values: Any) -> Build:
    """Enter a build; it gets the next number unless one is given, and the plain names when they are free."""
    known = load(connection, [name])
    number = values.pop("build", None) or max((one.build for one in known), default=0) + 1
    suffix = f"_b{number}" if any(one.version == version for one in known) else ""
    entered = {"name": name, "build": number, "version": version, "segments": segments, "suffix": suffix}
    connection.execute(insert(builds).values(**entered, **values))
    return next(one for one in load(connection, [name]) if one.build == number)


def change(connection: Connection, name: str, build: int, **values: Any) -> None:
    """Change what is known of a build."""
    connection.execute(update(builds).where(_is(name, build)).values(**values))


def turn(connection: Connection, name: str, build: int, within: Collection[Status], **values: Any) -> bool:
    """Change what is known of a build while it has one of these statuses; whether it has."""
    stands = _is(name, build) & builds.c.status.in_(within)
    return connection.execute(update(builds).where(stands).values(**values)).rowcount == 1


def is_in(connection: Connection, name: str, build: int, statuses: Collection[Status]) -> bool:
    """Whether a build has one of these statuses."""
    found = select(builds.c.build).where(_is(name, build), builds.c.status.in_(statuses))
    return connection.scalar(found) is not None


def forget(connection: Connection, name: str) -> None:
    """Let a projection begin again with its first build."""
    connection.execute(delete(builds).where(builds.c.name == name))


def unknown(connection: Connection, names: Collection[str]) -> set[str]:
    """Those that have no build yet."""
    known = select(builds.c.name).where(builds.c.name.in_(names)).group_by(builds.c.name)
    return set(names) - set(connection.execute(known).scalars())


def reached(connection: Connection, names: Collection[str]) -> dict[str, int]:
    """Up to where projections can be read: all segments of the build that readers see have come so far."""
    return {row.name: row.reached for row in connection.execute(_REACHED, {"names": list(names)})}


def _is(name: str, build: int) -> Any:
    return (builds.c.name == name) & (builds.c.build == build)


def _build(row: Row[Any]) -> Build:
    typed = {"status": Status(row.status), "promote": Promote(row.promote)}
    return Build(**{**row._mapping, **typed})
