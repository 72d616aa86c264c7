"""Which units this process may move: one owner each, by a lease with a heartbeat and a fence."""

from __future__ import annotations

import logging
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import Connection

from countersign.eventstore.databases import Database
from countersign.eventstore.leases import Lease, Leases
from countersign.projections.building import builds
from countersign.projections.following import membership, positions
from countersign.projections.following.positions import Place, Position, PositionMoved, State
from countersign.projections.following.unit import Unit
from countersign.projections.projection import Projection
from countersign.projections.within import within

log = logging.getLogger(__name__)


class Ownership:
    """The units whose lease this process holds, and where it has brought them.

    Only builds of the version that this program knows: another version is left to programs that know it. Of
    the parts of partitioned projections each process has its fair share; the others stay together, since a
    page of the log is read and decoded once for all that stand at one position.
    """

    def __init__(
        self, read: Database, leases: Leases, projections: Iterable[Projection], holder: str, ttl_s: float
    ) -> None:
        self._read = read
        self._leases = leases
        self._projections = {projection.name: projection for projection in projections}
        self._holder = holder
        self._ttl_s = ttl_s
        self._held: dict[Unit, tuple[Lease, Position]] = {}
        self._is_member = False
        self._taken: Counter[Unit] = Counter()
        self._busy_s: defaultdict[Unit, float] = defaultdict(float)

    def running(self) -> dict[Unit, Position]:
        """Those that this process owns and that are neither paused nor failed."""
        return {unit: at for unit, (_, at) in self._held.items() if at.state is State.RUNNING}

    def moved(self, units: Iterable[Unit], to: int, took_s: float = 0.0) -> None:
        """Remember how far they were brought, and how long that took."""
        for unit in units:
            lease, at = self._held[unit]
            self._held[unit] = lease, at.at(to)
            self._taken[unit] += to - at.position
            self._busy_s[unit] += took_s

    def fail(self, unit: Unit, position: int, error: str) -> None:
        """Stop a unit at the event that it cannot take."""
        lease, at = self._held[unit]
        with self._read.write() as connection:
            failed = positions.fail(connection, at, position, error, error.partition(":")[0])
        self._held[unit] = lease, failed

    def refresh(self) -> None:
        """Say that this process lives, take what nobody owns, and see what others changed."""
        self._renew()
        with self._read.read() as connection:
            known = self._units(connection)
            stored = positions.load(connection, self._projections)
            free = self._free(connection, known)
            parts = [unit for unit in known if unit.segments > 1]
            share = membership.fair_share(connection, self._holder, self._ttl_s, len(parts)) if parts else 0
        self._reload(known, stored)
        self._join(parts)
        mine = [unit for unit in parts if unit in self._held]
        for unit in mine[share:]:
            self._let_go(unit)
        wanted = [unit for unit in free if unit.segments > 1][: max(0, share - len(mine))]
        self._acquire([*(unit for unit in free if unit.segments == 1), *wanted])

    def release(self) -> None:
        """Leave all to the next owner at once."""
        if self._held or self._is_member:
            with self._read.write() as connection:
                leases = Leases(within(self._read, connection))
                for lease, _ in self._held.values():
                    leases.release(lease)
                membership.leave(connection, self._holder)
        self._held.clear()
        self._is_member = False

    def _renew(self) -> None:
        if not self._held and not self._is_member:
            return
        with self._read.write(synced=False) as connection:  # one for all: this is what an idle process costs
            leases = Leases(within(self._read, connection))
            kept = leases.renew_all([lease for lease, _ in self._held.values()], self._ttl_s)
            if self._is_member:
                membership.tell(connection, self._holder, self._ttl_s)
            positions.note_rates(connection, self._rates())
        for unit in [unit for unit, (lease, _) in self._held.items() if lease.role not in kept]:
            log.warning("lost the ownership of %s", unit)
            del self._held[unit]

    def _rates(self) -> dict[Place, float]:
        rates = {unit.place: self._taken[unit] / busy_s for unit, busy_s in self._busy_s.items() if busy_s}
        self._taken.clear()
        self._busy_s.clear()
        return rates

    def _join(self, parts: Collection[Unit]) -> None:
        if bool(parts) != self._is_member:
            with self._read.write() as connection:
                if parts:
                    membership.tell(connection, self._holder, self._ttl_s)
                else:
                    membership.leave(connection, self._holder)
            self._is_member = bool(parts)

    def _let_go(self, unit: Unit) -> None:
        lease, _ = self._held.pop(unit)
        self._leases.release(lease)

    def _units(self, connection: Connection) -> list[Unit]:
        found = builds.load(connection, self._projections, builds.RUNNING)
        known = [(self._projections[build.name], build) for build in found]
        return [unit for one, build in known if build.version == one.version for unit in build.units(one)]

    def _free(self, connection: Connection, known: Iterable[Unit]) -> list[Unit]:
        held = Leases(within(self._read, connection)).holders("projection:")
        return [unit for unit in known if unit not in self._held and unit.role not in held]

    def _acquire(self, units: Collection[Unit]) -> None:
        if not units:
            return
        with self._read.write() as connection:
            leases = Leases(within(self._read, connection))
            taken = [(unit, leases.acquire(unit.role, self._holder, self._ttl_s)) for unit in units]
            claimed = {
                unit: (lease, at)
                for unit, lease in taken
                if lease and (at := self._claim(connection, leases, unit, lease))
            }
        self._held |= claimed
        for unit, (_, at) in claimed.items():
            log.info("owns %s at position %d", unit, at.position)

    def _claim(self, connection: Connection, leases: Leases, unit: Unit, lease: Lease) -> Position | None:
        try:
            return positions.claim(connection, unit.place, lease.fence, self._holder)
        except PositionMoved as moved:
            log.warning("cannot own %s yet: %s", unit, moved)
            leases.release(lease)  # so that the next lease has a higher fence
            return None

    def _reload(self, known: Iterable[Unit], stored: Mapping[Place, Position]) -> None:
        still = set(known)
        for unit, (lease, _) in tuple(self._held.items()):
            current = stored.get(unit.place)
            if unit not in still or current is None or current.fence != lease.fence:
                del self._held[unit]
            else:
                self._held[unit] = lease, current
