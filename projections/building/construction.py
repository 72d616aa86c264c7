"""Makes one build from the log, in steps that are transactions: after each of them any process may go on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress

from sqlalchemy import Connection, Index, inspect

from countersign.aggregates.read_model_builds import Promote
from countersign.eventstore.databases import Database
from countersign.eventstore.leases import Lease
from countersign.projections.building import builds, schema
from countersign.projections.building.builds import UNDER_WAY, Build, Status
from countersign.projections.building.filling import Filling
from countersign.projections.building.pace import Pace
from countersign.projections.building.patience import be_patient
from countersign.projections.building.report import report_on
from countersign.projections.building.side_by_side import Feed, goal, look
from countersign.projections.following import positions
from countersign.projections.following.positions import PositionMoved, State
from countersign.projections.letters.complaint import Complaint
from countersign.projections.moment import moment
from countersign.projections.projection import Projection


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
        self._filling = Filling(read, feed, projection, build, pace, is_over)

    def begin(self) -> None:
        """Take the build over, where it stands.

        Raises:
            PositionMoved: somebody else owns it, or it was given up.
        """
        with schema.creating(self._read) as connection:
            self._lay_out(connection)
            held = {
                unit: positions.claim(connection, unit.place, lease.fence, lease.holder)
                for unit, lease in self._fences.items()
            }
            self._filling.begin(connection, held)

    def step(self) -> Status:
        """Do what comes next; how the build stands then.

        Raises:
            NotNow: what to wait for.
            PositionMoved: somebody else owns it, or it was given up, paused or has stopped.
            any of OUTAGES: nothing of the step was done.
        """
        status = self._see().status
        if status is Status.BUILDING and not self._filling.advance(self._goal()):
            self._turn(status=Status.INDEXING)
        elif status is Status.INDEXING and not self._index():
            self._finish()
        elif status is Status.CATCHING_UP and not self._filling.advance(self._goal()):
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
            self._filling.held[unit] = at
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

    def stop(self, told: Complaint) -> None:
        """Go no further, since it cannot, until an operator resumes it."""
        with suppress(PositionMoved):  # then it is somebody else's
            self._see()
            for unit in self._fences:
                self._filling.stop(unit, None, told)

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
        fences = {unit: held[unit.place].fence for unit in self._fences if unit.place in held}
        if fences != {unit: lease.fence for unit, lease in self._fences.items()}:
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
