"""Two builds of a projection, the live one and one beside it, brought to one position."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, inspect

from countersign.eventstore.log import Log
from countersign.projections.building import builds
from countersign.projections.building.builds import Build
from countersign.projections.following import positions
from countersign.projections.following.batch import take_carefully
from countersign.projections.following.pages import Decode, items
from countersign.projections.following.positions import Place, Position, State
from countersign.projections.following.unit import Unit, role_of
from countersign.projections.letters.dead_letters import letters_of
from countersign.projections.letters.parked import Parked
from countersign.projections.projection import Projection


class NotNow(Exception):
    """What is wanted cannot be done at this moment; what to wait for is said."""


@dataclass(frozen=True, slots=True)
class Feed:
    """Where events come from, and how many may be taken while others wait."""

    log: Log
    decode: Decode
    most: int
    letters_max: int


@dataclass(frozen=True, slots=True)
class Pair:
    """A build, and what readers see at present."""

    projection: Projection
    build: Build
    live: Build | None

    def units(self, *of: Build | None) -> Iterable[Unit]:
        """What moves in these builds."""
        return (unit for build in of if build for unit in build.units(self.projection))


def look(connection: Connection, projection: Projection, build: Build) -> Pair:
    """A build beside the live one."""
    live = builds.live(connection, projection.name)
    return Pair(projection, build, live if live and live.build != build.build else None)


def why_incomparable(connection: Connection, pair: Pair) -> str | None:
    """What stands in the way of comparing both; None for nothing."""
    if pair.live is None:
        return "there is nothing to compare with"
    if pair.live.version != pair.build.version:
        return f"readers see version {pair.live.version}, this is version {pair.build.version}"
    there = set(inspect(connection).get_table_names())
    if not there.issuperset(pair.live.tables):
        return "the tables that readers see are gone"
    held = positions.load(connection, [pair.projection.name])
    if any(held[place].state is State.FAILED for place in pair.live.places):
        return "what readers see has stopped"
    if all(held[place].fence == 0 for place in pair.live.places):
        return "what readers see was never begun"
    return None


def why_out_of_reach(connection: Connection, feed: Feed, pair: Pair, holders: Collection[str]) -> str | None:
    """Whether readers see what is far behind the build, while nobody of `holders` of roles moves it."""
    held = positions.load(connection, [pair.projection.name])
    ahead = max(held[place].position for place in pair.build.places)
    left = [place for place in pair.live.places if role_of(*place) not in holders] if pair.live else []
    if all(ahead - held[place].position <= feed.most for place in left):
        return None
    stands = min(held[place].position for place in left)
    return f"what readers see stands at position {stands}, and nobody moves it"


def held_still(connection: Connection, *of: Build | None) -> dict[Place, Position]:
    """The positions of builds; nobody moves them until the transaction ends."""
    return positions.lock(connection, [place for build in of if build for place in build.places])


def bring_to(
    connection: Connection, feed: Feed, units: Iterable[Unit], held: Mapping[Place, Position], to: int
) -> None:
    """Move units that are held still to a position, where they are not that far.

    Raises:
        NotNow: it is too much while others wait, or one of them does not move.
    """
    behind = {unit: held[unit.place] for unit in units if held[unit.place].position < to}
    if any(at.state is not State.RUNNING for at in behind.values()):
        raise NotNow("one of the builds is paused or has stopped")
    if any(to - at.position > feed.most for at in behind.values()):
        raise NotNow(f"it is more than {feed.most} events behind")
    for start in sorted({at.position for at in behind.values()}):
        together = {unit: at for unit, at in behind.items() if at.position == start}
        _fill(connection, feed, together, start, to)


def _fill(connection: Connection, feed: Feed, held: Mapping[Unit, Position], start: int, to: int) -> None:
    parked = {unit: Parked(letters_of(connection, unit.place)) for unit in held}
    page = items(feed.log.read(start, to - start), feed.decode)
    taken = take_carefully(connection, held, page, feed.letters_max, parked.__getitem__)
    if taken.stopped:
        raise NotNow(f"it cannot go on: {next(iter(taken.stopped.values()))}")


def goal(connection: Connection, feed: Feed, pair: Pair) -> int:
    """As far as what readers see, or as the log where that does not move."""
    stored = positions.load(connection, [pair.projection.name])
    shown = [stored[place] for place in pair.live.places] if pair.live else []
    if not shown or any(at.fence == 0 or at.state is State.FAILED for at in shown):
        return feed.log.head()
    return max(at.position for at in shown)


def furthest(held: Mapping[Place, Position], places: Collection[Place]) -> int:
    """Up to where the first of these units has come."""
    return max((held[place].position for place in places), default=0)
