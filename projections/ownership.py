"""Which units this process may move: one owner each, by a lease with a heartbeat and a fence."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping

from sqlalchemy import Connection

from countersign.eventstore.databases import Database
from countersign.eventstore.leases import Lease, Leases
from countersign.projections import builds, positions
from countersign.projections.positions import Place, Position, PositionMoved, State
from countersign.projections.projection import Projection
from countersign.projections.unit import Unit
from countersign.projections.within import within

log = logging.getLogger(__name__)


class Ownership:
    """The units whose lease this process holds, and where it has brought them.

    Only builds of the version that this program knows: another version is left to programs that know it.
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

    def running(self) -> dict[Unit, Position]:
        """Those that this process owns and that are neither paused nor failed."""
        return {unit: at for unit, (_, at) in self._held.items() if at.state is State.RUNNING}

    def moved(self, units: Iterable[Unit], to: int) -> None:
        """Remember how far they were brought."""
        for unit in units:
            lease, at = self._held[unit]
            self._held[unit] = lease, at.at(to)

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
        self._reload(known, stored)
        for unit in free:
            self._acquire(unit)

    def release(self) -> None:
        """Leave all to the next owner at once."""
        for lease, _ in self._held.values():
            self._leases.release(lease)
        self._held.clear()

    def _renew(self) -> None:
        if not self._held:
            return
        with self._read.write() as connection:  # one for all: this is what an idle process costs
            leases = Leases(within(self._read, connection))
            lost = [one for one, (lease, _) in self._held.items() if not leases.renew(lease, self._ttl_s)]
        for unit in lost:
            log.warning("lost the ownership of %s", unit)
            del self._held[unit]

    def _units(self, connection: Connection) -> list[Unit]:
        found = builds.load(connection, self._projections, builds.RUNNING)
        known = [(self._projections[build.name], build) for build in found]
        return [unit for one, build in known if build.version == one.version for unit in build.units(one)]

    def _free(self, connection: Connection, known: Iterable[Unit]) -> list[Unit]:
        held = Leases(within(self._read, connection)).holders("projection:")
        return [unit for unit in known if unit not in self._held and unit.role not in held]

    def _acquire(self, unit: Unit) -> None:
        lease = self._leases.acquire(unit.role, self._holder, self._ttl_s)
        if lease is None:
            return
        try:
            with self._read.write() as connection:
                at = positions.claim(connection, unit.place, lease.fence, self._holder)
        except PositionMoved as moved:
            log.warning("cannot own %s yet: %s", unit, moved)
            self._leases.release(lease)  # so that the next lease has a higher fence
            return
        self._held[unit] = lease, at
        log.info("owns %s at position %d", unit, at.position)

    def _reload(self, known: Iterable[Unit], stored: Mapping[Place, Position]) -> None:
        still = set(known)
        for unit, (lease, _) in tuple(self._held.items()):
            current = stored.get(unit.place)
            if unit not in still or current is None or current.fence != lease.fence:
                del self._held[unit]
            else:
                self._held[unit] = lease, current
