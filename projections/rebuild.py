"""Builds the tables of a projection anew beside the live ones, compares both, and exchanges them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from time import monotonic

from sqlalchemy import Connection, func, inspect, select

from countersign.aggregates.root import DomainError
from countersign.eventstore.databases import Database
from countersign.eventstore.leases import Lease, LeaseLost, Leases
from countersign.eventstore.log import Log, Recorded
from countersign.eventstore.mapper import Happened
from countersign.projections import builds, positions, schema
from countersign.projections.builds import Build, Status
from countersign.projections.comparison import difference
from countersign.projections.pages import decoded
from countersign.projections.positions import Position
from countersign.projections.projection import Projection
from countersign.projections.rows import Rows
from countersign.projections.schema import creating

Progress = Callable[[int, int, float], None]
"""Told how many events of how many were taken, and how many a second."""

_LEASE_S = 60.0


class RebuildUnderWay(DomainError):
    """Somebody else is rebuilding this projection."""

    code = "rebuild_under_way"


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """The new tables are live and stand at `position`.

    `different` rows were not the same in the old tables at that position; None when there was nothing to
    compare with.
    """

    name: str
    version: int
    position: int
    rows: int
    different: int | None


class Rebuilder:
    """Rebuilds one projection at a time; readers and the runner notice nothing but a short pause."""

    def __init__(
        self,
        log: Log,
        decode: Callable[[Recorded], Happened],
        read: Database,
        leases: Leases,
        holder: str,
        batch_size: int = 5_000,
    ) -> None:
        self._log = log
        self._decode = decode
        self._read = read
        self._leases = leases
        self._holder = holder
        self._batch_size = batch_size

    def rebuild(self, projection: Projection, progress: Progress = lambda *_: None) -> Rebuilt:
        """Replay the log into fresh tables up to where the live ones are, and let them take over.

        Raises:
            RebuildUnderWay: there is one already, or another has begun since this one lost its lease.
            Unreadable, or what the projection raises: at an event that it cannot take; the live tables stay.
        """
        lease = self._leases.acquire(f"rebuild:{projection.name}", self._holder, _LEASE_S)
        if lease is None:
            raise RebuildUnderWay(f"{projection.name} is being rebuilt by another process.")
        try:
            return self._replace(projection, lease, progress)
        except LeaseLost as lost:
            why = f"The rebuild of {projection.name} paused for so long that another took its place."
            raise RebuildUnderWay(why) from lost
        except BaseException:
            with suppress(LeaseLost), self._holding(lease) as connection:
                self._discard_unfinished(connection, projection)
            raise
        finally:
            self._leases.release(lease)

    def _replace(self, projection: Projection, lease: Lease, progress: Progress) -> Rebuilt:
        pace = _Pace(progress)
        build = self._begin(projection, lease)
        position = 0
        while True:
            target = self._target(projection)
            while target - position > self._batch_size:
                with self._holding(lease) as connection:
                    position = self._fill(connection, projection, build, position, self._batch_size)
                pace.told(position, target)
                self._leases.renew(lease, _LEASE_S)  # when it is lost, the next transaction finds out
            with self._holding(lease) as connection:
                self._be_patient(connection)
                live, at = self._locked(connection, projection)
                target = max(target, at.position) if at else target
                if target - position > self._batch_size:
                    continue  # it has run on meanwhile
                self._fill(connection, projection, build, position, target - position)
                rebuilt = self._take_over(connection, projection, build, live, at, target)
            pace.told(target, target)
            return rebuilt

    def _begin(self, projection: Projection, lease: Lease) -> Build:
        with creating(self._read) as connection:
            self._leases.confirm(connection, lease)
            self._discard_unfinished(connection, projection)
            build = builds.add(connection, projection.name, projection.version, 1, status=Status.BUILDING)
            schema.create_tables(connection, build, build.placed(projection))
            positions.create(connection, build.name, build.build, build.segments)
        return build

    def _discard_unfinished(self, connection: Connection, projection: Projection) -> None:
        for build in builds.load(connection, [projection.name], [Status.BUILDING]):
            schema.drop_tables(connection, build.tables)
            positions.forget(connection, build.name, build.build)
            builds.change(connection, build.name, build.build, status=Status.CANCELLED, tables=[])

    @contextmanager
    def _holding(self, lease: Lease) -> Iterator[Connection]:
        with self._read.write() as connection:
            self._leases.confirm(connection, lease)
            yield connection

    def _be_patient(self, connection: Connection) -> None:
        if self._read.dialect == "postgresql":  # comparing and indexing take as long as the tables are big
            connection.exec_driver_sql("SET LOCAL statement_timeout = 0")

    def _target(self, projection: Projection) -> int:
        with self._read.read() as connection:
            live = builds.live(connection, projection.name)
            known = positions.load(connection, [projection.name])
        at = known[live.places[0]] if live else None
        return at.position if at and at.fence else self._log.head()

    def _locked(self, connection: Connection, projection: Projection) -> tuple[Build | None, Position | None]:
        live = builds.live(connection, projection.name)
        return live, positions.lock(connection, live.places)[live.places[0]] if live else None

    def _fill(
        self, connection: Connection, projection: Projection, build: Build, position: int, limit: int
    ) -> int:
        end = position + limit
        while position < end:
            events = decoded(self._log.read(position, end - position), self._decode)
            rows = Rows(connection, build.placed(projection))
            projection.fold(events, rows)
            rows.flush()
            position = events[-1].position
        return position

    def _take_over(
        self,
        connection: Connection,
        projection: Projection,
        build: Build,
        live: Build | None,
        at: Position | None,
        position: int,
    ) -> Rebuilt:
        placed, different = build.placed(projection), None
        if live and at and (live.version, at.position) == (build.version, position):
            before = live.placed(projection)
            pairs = {before[table]: physical for table, physical in placed.items()}
            if all(inspect(connection).has_table(table.name) for table in pairs):
                different = difference(connection, pairs, position)["different"]
        rows = sum(
            connection.scalar(select(func.count()).select_from(table)) or 0 for table in placed.values()
        )
        schema.create_indexes(connection, placed)
        if projection.dress:
            projection.dress(connection, placed)
        schema.show(connection, projection, placed)
        if live:
            schema.drop_tables(connection, live.tables)
            positions.forget(connection, live.name, live.build)
            builds.change(connection, live.name, live.build, status=Status.RETIRED, tables=[])
        builds.change(connection, build.name, build.build, status=Status.LIVE)
        fresh = positions.lock(connection, build.places)
        positions.move(connection, fresh.values(), position)
        return Rebuilt(projection.name, projection.version, position, rows, different)


class _Pace:
    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._began = monotonic()

    def told(self, done: int, total: int) -> None:
        self._progress(done, total, done / max(monotonic() - self._began, 1e-6))
