"""A role that one process of all holds: taken when free, kept by heartbeats, left at the end."""

from __future__ import annotations

import logging
from collections.abc import Callable
from time import monotonic as steady

from countersign.eventstore.leases import Lease, Leases
from countersign.workers.options import ElectionOptions

logger = logging.getLogger(__name__)

SHORTEST_S = 0.01


class Election:
    """This process's candidature for a role. For one thread."""

    def __init__(
        self,
        leases: Leases,
        role: str,
        holder: str,
        options: ElectionOptions,
        monotonic: Callable[[], float] = steady,
    ) -> None:
        self._leases = leases
        self._role = role
        self._holder = holder
        self._options = options
        self._monotonic = monotonic
        self._lease: Lease | None = None
        self._next_beat = 0.0

    def lease(self) -> Lease | None:
        """The lease, renewed when it is time; None while another process holds the role.

        Raises:
            DatabaseUnavailable: nobody knows who holds it; this process does not rely on it.
        """
        if self._monotonic() >= self._next_beat:
            held, self._lease = self._lease, None
            self._lease = self._renewed(held) or self._acquired()
            self._next_beat = self._monotonic() + self._options.heartbeat_s
        return self._lease

    def until_next_beat_s(self) -> float:
        """How long until somebody should ask for the lease again."""
        return max(SHORTEST_S, self._next_beat - self._monotonic())

    def lost(self) -> None:
        """Forget the lease: a write was refused because of its fence."""
        self._lease, self._next_beat = None, 0.0

    def leave(self) -> None:
        """Let another process take over at once."""
        if self._lease is not None:
            self._leases.release(self._lease)
            self._lease = None

    def _renewed(self, held: Lease | None) -> Lease | None:
        if held is None:
            return None
        if self._leases.renew(held, self._options.lease_s):
            return held
        logger.warning("role lost", extra={"role": self._role, "holder": self._holder})
        return None

    def _acquired(self) -> Lease | None:
        taken = self._leases.acquire(self._role, self._holder, self._options.lease_s)
        if taken is not None:
            logger.info(
                "role taken", extra={"role": self._role, "holder": self._holder, "fence": taken.fence}
            )
        return taken
