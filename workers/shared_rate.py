"""So many a minute and no more, by all processes together: a sliding window in the database."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from countersign.workers.effects_table import rates

TICK: Final = timedelta(milliseconds=100)
WINDOW: Final = timedelta(minutes=1)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

OF_THE_QUEUE = rates.c.queue == bindparam("of_queue")
PASSED = select(rates.c.passed).where(OF_THE_QUEUE).with_for_update()
CHANGE = update(rates).where(OF_THE_QUEUE)
Passed = Sequence[tuple[int, int]]


class SharedRate:
    """In any 60 seconds at most `per_minute` effects of a queue are taken; the row's lock makes it exact.

    It runs by the workers' clocks, like the leases, and counts in ticks that end after the moment they count.
    """

    def __init__(self, queue: str, per_minute: int, clock: Callable[[], datetime]) -> None:
        self._queue = queue
        self._per_minute = per_minute
        self._clock = clock
        self._full_until = _EPOCH

    def wait_s(self) -> float:
        """How long until one more may pass, as far as this process knows."""
        return max(0.0, (self._full_until - self._clock()).total_seconds())

    def admit(self, connection: Connection, wanted: int, now: datetime) -> int:
        """How many of those wanted may be taken in this transaction; until its end the others wait."""
        if not self._per_minute:
            return wanted
        passed = self._passed(connection, now)
        room = self._per_minute - sum(count for _, count in passed)
        if room <= 0:
            self._full_until = _EPOCH + passed[0][0] * TICK + WINDOW
        return max(0, min(wanted, room))

    def count(self, connection: Connection, taken: int, now: datetime) -> None:
        """So many have been taken."""
        if self._per_minute and taken:
            passed = [*self._passed(connection, now), (_tick(now), taken)]
            connection.execute(CHANGE.values(passed=passed), {"of_queue": self._queue})

    def _passed(self, connection: Connection, now: datetime) -> Passed:
        row = connection.execute(PASSED, {"of_queue": self._queue}).first()
        if row is None:
            self._begin(connection)
            return self._passed(connection, now)
        return [(tick, count) for tick, count in row.passed if tick > _tick(now - WINDOW)]

    def _begin(self, connection: Connection) -> None:
        dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
        row = {"queue": self._queue, "passed": []}
        connection.execute(dialect.insert(rates).values(row).on_conflict_do_nothing())


def _tick(at: datetime) -> int:
    return (at - _EPOCH) // TICK + 1
