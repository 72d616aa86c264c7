"""Builds the tables of a projection anew beside the live ones, compares both, and exchanges them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from time import monotonic

from sqlalchemy import Connection

from countersign.aggregates.root import DomainError
from countersign.eventstore.databases import Database
from countersign.eventstore.leases import Lease, LeaseLost, Leases
from countersign.eventstore.log import Log, Recorded
from countersign.eventstore.mapper import Happened
from countersign.projections import checkpoints
from countersign.projections.checkpoints import Checkpoint
from countersign.projections.comparison import different_rows
from countersign.projections.pages import decoded
from countersign.projections.projection import Projection
from countersign.projections.rows import Rows
from countersign.projections.schema import creating
from countersign.projections.shadow import Shadow

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
        shadow = Shadow(projection)
        try:
            return self._replace(shadow, lease, progress)
        except LeaseLost as lost:
            why = f"The rebuild of {projection.name} paused for so long that another took its place."
            raise RebuildUnderWay(why) from lost
        except BaseException:
            self._discard(shadow, lease)
            raise
        finally:
            self._leases.release(lease)

    def _discard(self, shadow: Shadow, lease: Lease) -> None:
        with suppress(LeaseLost), self._holding(lease) as connection:  # else they belong to another rebuild
            shadow.drop(connection)

    def _replace(self, shadow: Shadow, lease: Lease, progress: Progress) -> Rebuilt:
        pace = _Pace(progress)
        name, version = shadow.projection.name, shadow.projection.version
        with creating(self._read) as connection:
            self._leases.confirm(connection, lease)
            shadow.create(connection)
            checkpoints.ensure(connection, name, version)
        position = 0
        while True:
            target = self._target(shadow.projection)
            while target - position > self._batch_size:
                position = self._load(shadow, lease, position)
                pace.told(position, target)
                self._leases.renew(lease, _LEASE_S)  # when it is lost, the next transaction finds out
            with self._holding(lease) as connection:
                self._be_patient(connection)
                live = checkpoints.lock(connection, name)
                target = max(target, live.position)
                if target - position > self._batch_size:
                    continue  # it has run on meanwhile
                self._fill(connection, shadow, position, target - position)
                rebuilt = self._take_over(connection, shadow, live, target)
            pace.told(target, target)
            return rebuilt

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
            live = checkpoints.load(connection, [projection.name])[projection.name]
        return live.position if live.fence else self._log.head()

    def _load(self, shadow: Shadow, lease: Lease, position: int) -> int:
        with self._holding(lease) as connection:
            return self._fill(connection, shadow, position, self._batch_size)

    def _fill(self, connection: Connection, shadow: Shadow, position: int, limit: int) -> int:
        end = position + limit
        while position < end:
            events = decoded(self._log.read(position, end - position), self._decode)
            rows = Rows(connection, shadow.placed)
            shadow.projection.fold(events, rows)
            rows.flush()
            position = events[-1].position
        return position

    def _take_over(self, connection: Connection, shadow: Shadow, live: Checkpoint, position: int) -> Rebuilt:
        projection = shadow.projection
        same_moment = (live.version, live.position) == (projection.version, position)
        comparable = same_moment and shadow.original_exists(connection)
        different = different_rows(connection, shadow.placed) if comparable else None
        rows = shadow.row_count(connection)
        shadow.take_over(connection)
        checkpoints.replace_tables(connection, projection.name, projection.version, position)
        return Rebuilt(projection.name, projection.version, position, rows, different)


class _Pace:
    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._began = monotonic()

    def told(self, done: int, total: int) -> None:
        self._progress(done, total, done / max(monotonic() - self._began, 1e-6))
