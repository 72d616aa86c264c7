"""How far the read tables are behind the log, and waiting until they are not."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from time import monotonic, sleep
from typing import Final

from countersign.eventstore.databases import Database
from countersign.eventstore.log import Log
from countersign.eventstore.wakeups import READ, Wakeups
from countersign.projections import checkpoints
from countersign.projections.checkpoints import Checkpoint, State
from countersign.projections.projection import Projection

_AT_FIRST_S: Final = (0.002, 0.004, 0.008, 0.016)
"""A runner that follows the log is done before a listener would be connected."""


@dataclass(frozen=True, slots=True)
class Lag:
    """What a projection has not applied yet: so many events, the oldest of them so many seconds old.

    When it has failed, `failed_position` and `error` say where and why it stopped.
    """

    name: str
    version: int
    position: int
    events: int
    seconds: float
    state: State
    failed_position: int | None
    error: str | None


class Freshness:
    """Answers for the registered projections; one that has no checkpoint is behind by the whole log."""

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
        held = self._checkpoints(wanted)
        return min((held[name].position if name in held else 0 for name in wanted), default=0)

    def wait_for(self, position: int, timeout_s: float, *names: str) -> bool:
        """Wait until a position can be read in these projections (in all, when none is named).

        False when it cannot be after `timeout_s`.
        """
        for pause_s in _AT_FIRST_S:
            if self.as_of(*names) >= position:
                return True
            sleep(pause_s)
        deadline = monotonic() + timeout_s - sum(_AT_FIRST_S)
        with self._wakeups.listen(READ) as wakeup:
            while self.as_of(*names) < position:
                remaining_s = deadline - monotonic()
                if remaining_s <= 0:
                    return False
                wakeup.wait(min(remaining_s, self._poll_s))
        return True

    def lags(self, now: datetime) -> list[Lag]:
        """How far each projection is behind, in the order of the catalogue."""
        head = self._log.head()
        held = self._checkpoints(tuple(self._projections))
        ages = {position: self._age_s(position, head, now) for position in _positions(held)}
        return [self._lag(one, held.get(one.name), head, ages) for one in self._projections.values()]

    def healthy(self) -> bool:
        """Whether no projection has failed."""
        held = self._checkpoints(tuple(self._projections))
        return all(checkpoint.state is State.RUNNING for checkpoint in held.values())

    def _checkpoints(self, names: Collection[str]) -> dict[str, Checkpoint]:
        with self._read.read() as connection:
            return dict(checkpoints.load(connection, names))

    def _age_s(self, position: int, head: int, now: datetime) -> float:
        if position >= head:
            return 0.0
        oldest = self._log.read(position, 1)[0]
        return max(0.0, (now - oldest.recorded_at).total_seconds())

    def _lag(self, projection: Projection, at: Checkpoint | None, head: int, ages: dict[int, float]) -> Lag:
        position = at.position if at else 0
        return Lag(
            name=projection.name,
            version=projection.version,
            position=position,
            events=max(0, head - position),
            seconds=ages[position],
            state=at.state if at else State.RUNNING,
            failed_position=at.failed_position if at else None,
            error=at.error if at else None,
        )


def _positions(held: dict[str, Checkpoint]) -> set[int]:
    return {0, *(checkpoint.position for checkpoint in held.values())}
