"""How far the read tables are behind the log, and waiting until they are not."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import chain, repeat
from time import monotonic
from typing import Final

from countersign.eventstore.databases import Database
from countersign.eventstore.leases import Leases
from countersign.eventstore.log import Log
from countersign.eventstore.wakeups import READ, Wakeups
from countersign.projections.building import builds
from countersign.projections.building.builds import Status
from countersign.projections.following import positions
from countersign.projections.following.lag import Lag, Shown, lag_of
from countersign.projections.following.positions import State
from countersign.projections.letters.stale_keys import NOTHING_PARKED, Reached, parked, reached
from countersign.projections.projection import Projection
from countersign.projections.within import within

_AT_FIRST_S: Final = (0.002, 0.004, 0.008, 0.016)
"""A runner that follows the log is done soon, also where nobody wakes those who wait."""


class Freshness:
    """Answers for the registered projections; one that has no tables is behind by the whole log."""

    def __init__(
        self,
        read: Database,
        log: Log,
        wakeups: Wakeups,
        projections: Iterable[Projection],
        poll_s: float = 0.05,
    ) -> None:
        self._read = read
        self._log = log
        self._wakeups = wakeups
        self._projections = {projection.name: projection for projection in projections}
        self._poll_s = poll_s

    def as_of(self, *names: str) -> int:
        """The position up to which all of these projections (of all, when none is named) have come."""
        wanted = names or tuple(self._projections)
        with self._read.read() as connection:
            reached = builds.reached(connection, wanted)
        return min((reached.get(name, 0) for name in wanted), default=0)

    def reached(self, *names: str) -> Reached:
        """Up to where all of these projections (all, when none is named) can be read, and what is stale."""
        with self._read.read() as connection:
            return reached(connection, names or tuple(self._projections))

    def wait_for(self, position: int, timeout_s: float, *names: str) -> bool:
        """Wait until a position can be read in these projections (in all, when none is named).

        False when it cannot be after `timeout_s`.
        """
        if self.as_of(*names) >= position:
            return True
        deadline = monotonic() + timeout_s
        pauses = chain(_AT_FIRST_S, repeat(self._poll_s))
        with self._wakeups.listen(READ) as wakeup:
            while self.as_of(*names) < position:
                remaining_s = deadline - monotonic()
                if remaining_s <= 0:
                    return False
                wakeup.wait(min(remaining_s, next(pauses)))
        return True

    def lags(self, now: datetime) -> list[Lag]:
        """How far each projection is behind, in the order of the catalogue."""
        head = self._log.head()
        shown = self._shown()
        reached = {name: one.slowest.position for name, one in shown.items()}
        ages = {at: self._age_s(at, head, now) for at in {0, *reached.values()}}
        return [
            lag_of(projection, shown.get(name), head, ages[reached.get(name, 0)])
            for name, projection in self._projections.items()
        ]

    def healthy(self) -> bool:
        """Whether no projection has failed, and none lacks events that it could not take."""
        shown = self._shown().values()
        return not any(
            one.parked.letters or any(at.state is State.FAILED for at in one.held) for one in shown
        )

    def _shown(self) -> dict[str, Shown]:
        with self._read.read() as connection:
            stored = positions.load(connection, self._projections)
            holders = Leases(within(self._read, connection)).holders("projection:")
            found = builds.load(connection, self._projections, [Status.LIVE])
            letters = parked(connection, self._projections)
        return {
            build.name: Shown(
                build,
                [stored[place] for place in build.places],
                holders,
                letters.get((build.name, build.build), NOTHING_PARKED),
            )
            for build in found
        }

    def _age_s(self, position: int, head: int, now: datetime) -> float:
        if position >= head:
            return 0.0
        oldest = self._log.read(position, 1)[0]
        return max(0.0, (now - oldest.recorded_at).total_seconds())
