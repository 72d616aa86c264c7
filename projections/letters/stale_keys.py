"""Which keys of the read tables are parked: their rows lack events that could not be taken."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, bindparam, exists, func, select

from countersign.projections.building.builds import Status, builds
from countersign.projections.following.positions import positions
from countersign.projections.letters.dead_letters import dead_letters, touched

_OF_BUILD: Final = (dead_letters.c.name == builds.c.name) & (dead_letters.c.build == builds.c.build)
_SHOWN: Final = (builds.c.status == Status.LIVE) & builds.c.name.in_(bindparam("names", expanding=True))
_REACHED: Final = (
    select(builds.c.name, func.min(positions.c.position), exists().where(_OF_BUILD))
    .join(positions, (positions.c.name == builds.c.name) & (positions.c.build == builds.c.build))
    .where(_SHOWN)
    .group_by(builds.c.name, builds.c.build)
)
_LETTERS: Final = (
    select(*(dead_letters.c[name] for name in ("name", "key", "also", "stream", "version")))
    .join(builds, _OF_BUILD)
    .where(_SHOWN)
)


@dataclass(frozen=True, slots=True)
class StaleKeys:
    """`keys` are parked; what hangs on one of those `touched` may lack events."""

    keys: int = 0
    touched: frozenset[UUID] = frozenset()

    def __bool__(self) -> bool:
        return self.keys > 0

    def concern(self, *ids: object) -> bool:
        """Whether what hangs on these may lack events."""
        return not self.touched.isdisjoint(ids)


NOTHING_STALE: Final = StaleKeys()


@dataclass(frozen=True, slots=True)
class Reached:
    """Up to where read tables can be read, and what is missing in them up to there."""

    position: int
    stale: StaleKeys = NOTHING_STALE


def reached(connection: Connection, names: Collection[str]) -> Reached:
    """Up to where all of these projections can be read; without letters that is a single look."""
    found = connection.execute(_REACHED, {"names": list(names)}).all()
    position = min((at for _, at, _ in found), default=0) if len(found) == len(set(names)) else 0
    with_letters = [name for name, _, has_letters in found if has_letters]
    return Reached(position, stale_keys(connection, with_letters) if with_letters else NOTHING_STALE)


@dataclass(frozen=True, slots=True)
class Parked:
    """How many events a build could not take or holds behind those, and how many keys lack them."""

    letters: int = 0
    keys: int = 0


NOTHING_PARKED: Final = Parked()


def parked(connection: Connection, names: Collection[str]) -> dict[tuple[str, int], Parked]:
    """What is parked in each build of these projections, by name and build; where nothing is, none."""
    of = (dead_letters.c.name, dead_letters.c.build)
    counted = select(*of, func.count(), func.count(dead_letters.c.key.distinct())).group_by(*of)
    found = connection.execute(counted.where(dead_letters.c.name.in_(names)))
    return {(name, build): Parked(letters, keys) for name, build, letters, keys in found}


def stale_keys(connection: Connection, names: Collection[str]) -> StaleKeys:
    """The parked keys of the tables that readers of these projections see."""
    letters = connection.execute(_LETTERS, {"names": list(names)}).all()
    hanging = (touched(row.key, row.stream, row.version, map(UUID, row.also)) for row in letters)
    return StaleKeys(len({(row.name, row.key) for row in letters}), frozenset().union(*hanging))
