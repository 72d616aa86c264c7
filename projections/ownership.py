"""Which projections this process may move: one owner each, by a lease with a heartbeat and a fence."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from countersign.eventstore.databases import Database
from countersign.eventstore.leases import Lease, Leases
from countersign.projections import checkpoints
from countersign.projections.checkpoints import Checkpoint, CheckpointMoved, State
from countersign.projections.projection import Projection
from countersign.projections.within import within

log = logging.getLogger(__name__)


def role_of(projection: Projection) -> str:
    """The elected role of a projection's owner."""
    return f"projection:{projection.name}"


class Ownership:
    """The projections whose lease this process holds, and where it has brought them."""

    def __init__(
        self, read: Database, leases: Leases, projections: Iterable[Projection], holder: str, ttl_s: float
    ) -> None:
        self._read = read
        self._leases = leases
        self._projections = tuple(projections)
        self._holder = holder
        self._ttl_s = ttl_s
        self._held: dict[Projection, tuple[Lease, Checkpoint]] = {}

    def running(self) -> dict[Projection, Checkpoint]:
        """Those that this process owns and that have not failed."""
        owned = {projection: checkpoint for projection, (_, checkpoint) in self._held.items()}
        return {
            one: at for one, at in owned.items() if at.state is State.RUNNING and at.version == one.version
        }

    def moved(self, projections: Iterable[Projection], to: int) -> None:
        """Remember how far they were brought."""
        for projection in projections:
            lease, checkpoint = self._held[projection]
            self._held[projection] = lease, checkpoint.at(to)

    def fail(self, projection: Projection, position: int, error: str) -> None:
        """Stop a projection at the event that it cannot take."""
        lease, checkpoint = self._held[projection]
        with self._read.write() as connection:
            failed = checkpoints.fail(connection, checkpoint, position, error)
        self._held[projection] = lease, failed

    def refresh(self) -> None:
        """Say that this process lives, take what nobody owns, and see what others changed."""
        self._renew()
        for projection in self._free():
            self._acquire(projection)
        self._reload()

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
        for projection in lost:
            log.warning("lost the ownership of %s", projection.name)
            del self._held[projection]

    def _free(self) -> list[Projection]:
        others = [projection for projection in self._projections if projection not in self._held]
        if not others:
            return []
        with self._read.read() as connection:
            leases = Leases(within(self._read, connection))
            return [projection for projection in others if leases.holder_of(role_of(projection)) is None]

    def _acquire(self, projection: Projection) -> None:
        lease = self._leases.acquire(role_of(projection), self._holder, self._ttl_s)
        if lease is None:
            return
        try:
            with self._read.write() as connection:
                checkpoint = checkpoints.claim(connection, projection.name, projection.version, lease.fence)
        except CheckpointMoved as moved:
            log.warning("cannot own %s yet: %s", projection.name, moved)
            self._leases.release(lease)  # so that the next lease has a higher fence
            return
        self._held[projection] = lease, checkpoint
        log.info("owns %s at position %d", projection.name, checkpoint.position)

    def _reload(self) -> None:
        with self._read.read() as connection:
            stored = checkpoints.load(connection, [projection.name for projection in self._held])
        for projection, (lease, _) in tuple(self._held.items()):
            current = stored.get(projection.name)
            if current is None or current.fence != lease.fence:
                del self._held[projection]
            else:
                self._held[projection] = lease, current
