"""One projection as an operator sees it: its builds, who moves which part of them, and how far each is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from countersign.eventstore.databases import Database
from countersign.eventstore.leases import Leases
from countersign.projections.building import builds
from countersign.projections.building.builds import Build, Status
from countersign.projections.following import positions
from countersign.projections.following.positions import Position
from countersign.projections.following.unit import role_of
from countersign.projections.letters.dead_letters_queries import open_letters
from countersign.projections.projection import Projection
from countersign.projections.within import within


@dataclass(frozen=True, slots=True)
class BuildStanding:
    """One build; `holders` are the present owners of its parts by the number of the segment."""

    build: Build
    units: Sequence[Position]
    holders: Mapping[int, str]
    letters: int

    @property
    def position(self) -> int:
        """Up to where all of its parts have come."""
        return min((unit.position for unit in self.units), default=0)

    @property
    def rate(self) -> float:
        """How many events a second its owners last took."""
        return sum(unit.rate for unit in self.units)


@dataclass(frozen=True, slots=True)
class Inspection:
    """The builds of a projection, the oldest first, while the log's last position was `head`."""

    projection: Projection
    head: int
    builds: Sequence[BuildStanding]

    @property
    def live(self) -> BuildStanding | None:
        """What readers see."""
        return next((each for each in self.builds if each.build.status is Status.LIVE), None)

    def of(self, number: int) -> BuildStanding | None:
        """The build of that number."""
        return next((each for each in self.builds if each.build.build == number), None)


def inspected(connection: Connection, read: Database, projection: Projection, head: int) -> Inspection:
    """Look, at one moment."""
    name = projection.name
    held = positions.load(connection, [name])
    holders = Leases(within(read, connection)).holders(f"projection:{name}:")
    letters = open_letters(connection)
    return Inspection(
        projection,
        head,
        [_standing(build, held, holders, letters) for build in builds.load(connection, [name])],
    )


def _standing(
    build: Build,
    held: Mapping[positions.Place, Position],
    holders: Mapping[str, str],
    letters: Mapping[tuple[str, int], int],
) -> BuildStanding:
    units = [held[place] for place in build.places if place in held]
    roles = {unit.segment: holders.get(role_of(*unit.place)) for unit in units}
    owners = {segment: holder for segment, holder in roles.items() if holder}
    return BuildStanding(build, units, owners, letters.get((build.name, build.build), 0))
