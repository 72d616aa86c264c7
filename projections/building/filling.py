"""Moves the units of a build along the log: in bulk as long as that goes well, with care from then on."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from contextlib import closing

from sqlalchemy import Connection

from countersign.eventstore.databases import Database
from countersign.projections.building import builds
from countersign.projections.building.builds import UNDER_WAY, Build
from countersign.projections.building.bulk_load import bulk_load
from countersign.projections.building.pace import Pace
from countersign.projections.building.side_by_side import Feed
from countersign.projections.following import positions
from countersign.projections.following.batch import take
from countersign.projections.following.pages import items
from countersign.projections.following.positions import Position, PositionMoved
from countersign.projections.following.trouble import Trouble, trouble_of
from countersign.projections.following.unit import Unit
from countersign.projections.letters.complaint import Complaint
from countersign.projections.letters.known_letters import KnownLetters
from countersign.projections.projection import Projection

log = logging.getLogger(__name__)


class Filling:
    """`held` are the units, all those of the build, and where its owner has brought them."""

    def __init__(
        self,
        read: Database,
        feed: Feed,
        projection: Projection,
        build: Build,
        pace: Pace,
        is_over: Callable[[], bool],
    ) -> None:
        self.held: dict[Unit, Position] = {}
        self._read = read
        self._feed = feed
        self._projection = projection
        self._build = build
        self._pace = pace
        self._is_over = is_over
        self._letters = KnownLetters()
        self._loads_well = True

    def begin(self, connection: Connection, held: Mapping[Unit, Position]) -> None:
        """Go on from there."""
        self.held = dict(held)
        self._letters.look(connection, self.held.keys())
        self._pace.begin(min(at.position for at in held.values()))

    def advance(self, target: int) -> bool:
        """Take events up to about there; False when what is left can be taken while others wait.

        Raises:
            PositionMoved: somebody else owns the build, or it was given up or paused.
            any of OUTAGES: nothing of the page under way was written.
        """
        start = min(at.position for at in self.held.values())
        if target - start <= self._feed.most:
            return False
        if self._can_load():
            self._load(start, target)
        else:
            self._take(start, target)
        return True

    def stop(self, unit: Unit, position: int | None, told: Complaint) -> None:
        """Go no further with a unit, since it cannot, until an operator resumes it."""
        at = "" if position is None else f" at position {position}"
        note = f"it stopped{at}: {told}; mend the cause and resume it, or cancel it"
        with self._read.write() as connection:
            positions.fail(connection, self.held[unit], position, told.error, told.error_class)
            builds.change(connection, self._build.name, self._build.build, note=note)

    def _can_load(self) -> bool:
        """Whether no event has to be looked at for its segment, or for what is parked."""
        unit, *others = self.held
        return self._loads_well and not others and not self._letters.of(unit)

    def _load(self, start: int, target: int) -> None:
        tables = self._build.placed(self._projection)
        loading = bulk_load(self._read, self._feed, self._projection, tables, self._move, start, target)
        try:
            with closing(loading):
                for reached in loading:
                    self._told(reached, target)
                    if self._is_over():
                        return
        except PositionMoved:
            raise
        except Exception as error:
            if trouble_of(error) is Trouble.OUTAGE:
                raise
            name, number = self._build.name, self._build.build
            log.warning("build %d of %s goes on with more care: %s", number, name, type(error).__name__)
            self._loads_well = False

    def _move(self, connection: Connection, to: int) -> None:
        ((unit, at),) = self.held.items()
        positions.move(connection, [at], to)
        if not builds.is_in(connection, self._build.name, self._build.build, UNDER_WAY):
            raise PositionMoved(f"build {self._build.build} of {self._build.name} was given up")
        self.held[unit] = at.at(to)

    def _take(self, start: int, target: int) -> None:
        together = {unit: at for unit, at in self.held.items() if at.position == start}
        ahead = [at.position - start for at in self.held.values() if at.position > start]
        page = self._feed.log.read(start, min([self._feed.most, *ahead]))
        read = items(page, self._feed.decode)
        taken = take(self._read, together, read, self._feed.letters_max, self._letters.of)
        for unit, parked in taken.parked.items():
            self._letters.commit(unit, parked)
        for unit, stopped in taken.stopped.items():
            self.stop(unit, stopped.position, stopped.told)
        for unit in together.keys() - taken.stopped.keys():
            self.held[unit] = self.held[unit].at(page[-1].position)
        self._told(page[-1].position, target)

    def _told(self, done: int, target: int) -> None:
        rate = self._pace.told(done, target)
        if rate is not None:
            with self._read.write() as connection:
                positions.note_rates(connection, {at.place: rate for at in self.held.values()})
