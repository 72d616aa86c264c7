"""Makes one build from the log, in steps that are transactions: after each of them any process may go on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Final

from sqlalchemy import Connection, Index, inspect

from countersign.aggregates.read_model_builds import Promote
from countersign.eventstore.databases import Database
from countersign.eventstore.leases import Lease
from countersign.projections import builds, positions, schema
from countersign.projections.batch import take
from countersign.projections.builds import Build, Status
from countersign.projections.complaint import Complaint
from countersign.projections.known_letters import KnownLetters
from countersign.projections.moment import moment
from countersign.projections.pace import Pace
from countersign.projections.pages import items
from countersign.projections.patience import be_patient
from countersign.projections.positions import Position, PositionMoved, State
from countersign.projections.projection import Projection
from countersign.projections.report import report_on
from countersign.projections.side_by_side import Feed, goal, look
from countersign.projections.unit import Unit

UNDER_WAY: Final = (Status.BUILDING, Status.INDEXING, Status.CATCHING_UP)


class Construction:
    """The owner's hand in one build: whoever has lost it finds out before the end of the next step."""

    def __init__(
        self,
        read: Database,
        feed: Feed,
        projection: Projection,
        build: Build,
        leases: Sequence[Lease],
        pace: Pace,
        is_over: Callable[[], bool],
    ) -> None:
        self._read = read
        self._feed = feed
        self._projection = projection
        self._build = build
        self._fences = dict(zip(build.units(projection), leases, strict=True))
        self._pace = pace
        self._is_over = is_over
        self._held: dict[Unit, Position] = {}
        self._letters = KnownLetters()

    def begin(self) -> None:
        """Take the build over, where it stands.

        Raises:
            PositionMoved: somebody else owns it, or it was given up.
        """
        with schema.creating(self._read) as connection:
            self._lay_out(connection)
            for unit, lease in self._fences.items():
                self._held[unit] = positions.claim(connection, unit.place, lease.fence, lease.holder)
            self._letters.look(connection, self._held)
        self._pace.begin(min(at.position for at in self._held.values()))

    def step(self) -> Status:
        """Do what comes next; how the build stands then.

        Raises:
            NotNow: what to wait for.
            PositionMoved: somebody else owns it, or it was given up, paused or has stopped.
            any of OUTAGES: nothing of the step was done.
        """
        status = self._see().status
        if status is Status.BUILDING and not self._advance():
            self._turn(status=Status.INDEXING)
        elif status is Status.INDEXING and not self._index():
            self._finish()
        elif status is Status.CATCHING_UP and not self._advance():
            self._conclude()
        return self._look().status

    def _see(self) -> Build:
        with self._read.read() as connection:
            build = self._look(connection)
            stored = positions.load(connection, [build.name])
        for unit, lease in self._fences.items():
            at = stored.get(unit.place)
            if at is None or at.fence != lease.fence or at.state is not State.RUNNING:
                raise PositionMoved(f"{unit} is not this process's to move")
            self._held[unit] = at
        return build

    def _lay_out(self, connection: Connection) -> None:
        if not positions.lock(connection, self._build.places):
            if self._look(connection).status is not Status.BUILDING:
                raise PositionMoved(f"{self._build} was given up")
            placed = self._build.placed(self._projection)
            schema.create_tables(connection, self._build, placed)
            positions.create(connection, self._build.name, self._build.build, self._build.segments)

    def _look(self, connection: Connection | None = None) -> Build:
        if connection is None:
            with self._read.read() as snapshot:
                return self._look(snapshot)
        found = builds.load(connection, [self._build.name])
        return next(build for build in found if build.build == self._build.build)

    def _advance(self) -> bool:
        """Take the next page; False when what is left can be taken while others wait."""
        start = min(at.position for at in self._held.values())
        target = self._goal()
        if target - start <= self._feed.most:
            return False
        together = {unit: at for unit, at in self._held.items() if at.position == start}
        ahead = [at.position for at in self._held.values() if at.position > start]
        page = self._feed.log.read(start, min([self._feed.most, *(at - start for at in ahead)]))
        taken = take(
            self._read, together, items(page, self._feed.decode), self._feed.letters_max, self._letters.of
        )
        for unit, parked in taken.parked.items():
            self._letters.commit(unit, parked)
        for unit, stopped in taken.stopped.items():
            self._stop(unit, stopped.position, stopped.told)
        for unit in together.keys() - taken.stopped.keys():
            self._held[unit] = self._held[unit].at(page[-1].position)
        self._told(page[-1].position, target)
        return True

    def stop(self, told: Complaint) -> None:
        """Go no further, since it cannot, until an operator resumes it."""
        with suppress(PositionMoved):  # then it is somebody else's
            self._see()
            for unit in self._fences:
                self._stop(unit, None, told)

    def _stop(self, unit: Unit, position: int | None, told: Complaint) -> None:
        at = "" if position is None else f" at position {position}"
        note = f"it stopped{at}: {told}; mend the cause and resume it, or cancel it"
        with self._read.write() as connection:
            positions.fail(connection, self._held[unit], position, told.error, told.error_class)
            builds.change(connection, self._build.name, self._build.build, note=note)

    def _told(self, done: int, target: int) -> None:
        rate = self._pace.told(done, target)
        if rate is not None:
            with self._read.write() as connection:
                positions.note_rates(connection, {at.place: rate for at in self._held.values()})

    def _goal(self) -> int:
        with self._read.read() as connection:
            return goal(connection, self._feed, look(connection, self._projection, self._build))

    def _index(self) -> bool:
        """Make the next index that is missing; whether there was one."""
        missing = self._missing_index()
        if missing is None:
            return False
        with self._read.write() as connection:
            be_patient(connection)
            missing.create(connection, checkfirst=True)
            self._confirm(connection)
        return True

    def _missing_index(self) -> Index | None:
        with self._read.read() as connection:
            found = inspect(connection)
            for table in self._build.placed(self._projection).values():
                there = {index["name"] for index in found.get_indexes(table.name)}
                for index in sorted(table.indexes, key=lambda index: str(index.name)):
                    if index.name not in there:
                        return index
        return None

    def _finish(self) -> None:
        placed = self._build.placed(self._projection)
        with self._read.write() as connection:
            be_patient(connection)
            if self._projection.dress:
                self._projection.dress(connection, placed)
            for table in placed.values():
                connection.exec_driver_sql(f'ANALYZE "{table.name}"')
            self._confirm(connection)
            self._turn(connection, status=Status.CATCHING_UP)

    def _conclude(self) -> None:
        build = self._look()
        if build.report is None:
            report = report_on(self._read, self._feed, self._projection, build)
            self._turn(report=report, finished_at=moment())
        elif reason := _reason_to_wait(build):
            self._turn(status=Status.FOLLOWING, note=reason)
        else:
            self._turn(status=Status.FOLLOWING, promote=Promote.ALWAYS)

    def _confirm(self, connection: Connection) -> None:
        held = positions.lock(connection, self._build.places)
        if any(held[unit.place].fence != lease.fence for unit, lease in self._fences.items()):
            raise PositionMoved(f"somebody else builds {self._build.name} now")

    def _turn(self, connection: Connection | None = None, **values: object) -> None:
        if connection is None:
            with self._read.write() as own:
                self._confirm(own)
                self._turn(own, **values)
        elif not builds.turn(connection, self._build.name, self._build.build, UNDER_WAY, **values):
            raise PositionMoved(f"build {self._build.build} of {self._build.name} was given up")


def _reason_to_wait(build: Build) -> str | None:
    different = (build.report or {}).get("different") or 0
    if build.promote is Promote.NEVER:
        return "it is not shown, as was ordered: promote it or cancel it"
    if build.promote is Promote.EQUAL and different:
        return f"{different} rows differ from what is shown: look at its report, then promote it or cancel it"
    return None
