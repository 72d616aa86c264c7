"""How one piece of work goes: what it tells of itself, and whether it may go on."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime

from countersign.aggregates.rendering import FailureClass
from countersign.workers.failure import EffectFailed

LONGEST_STEP = 200
MIB = 1 << 20
Watched = Callable[[Callable[[], None]], AbstractContextManager[None]]
"""Holds what stops the work from outside, while it is under way."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far it has come, in percent of the whole, and what is being done."""

    percent: int
    step: str


class Cancelled(Exception):
    """An operator does not want this piece of work done any more."""


class Interrupted(Exception):
    """The process ends before the work does: another one begins it anew, and nothing is held against it."""


class NotYet(Exception):
    """The work cannot be done before that time; to have looked costs no attempt."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until.isoformat())
        self.until = until


class TimeLimitReached(EffectFailed):
    """The work took longer than its queue allows."""

    def __init__(self, time_limit_s: float) -> None:
        super().__init__(FailureClass.TIMEOUT, f"not finished after {time_limit_s:g} s")


class MemoryLimitReached(EffectFailed):
    """The process grew by more than the queue allows while this was done."""

    def __init__(self, limit_bytes: int) -> None:
        super().__init__(FailureClass.UNKNOWN, f"more than {limit_bytes // MIB} MiB of memory were needed")


class Course:
    """Handed to the work of one effect; whoever watches over the work has it too, in another thread.

    To tell and to ask costs next to nothing: what was told is kept at most once a second, by the watcher.
    """

    def __init__(
        self, time_limit_s: float = math.inf, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._time_limit_s = time_limit_s
        self._monotonic = monotonic
        self._began = monotonic()
        self._lock = threading.Lock()
        self._end: Exception | None = None
        self._stops: list[Callable[[], None]] = []
        self._told: Progress | None = None
        self.abandoned = False
        """Whether its watcher has given the effect back, so that nothing the work still says counts."""

    def tell(self, percent: float, step: str = "") -> None:
        """Say how far the work has come, and in a few words, without anything personal, at what it is."""
        self._told = Progress(max(0, min(100, int(percent))), step[:LONGEST_STEP])

    def go_on(self) -> None:
        """Ask whether to go on; long work does so between its steps, where it can end without a loss.

        Raises:
            Cancelled: an operator wants it to end.
            Interrupted: the process ends.
            TimeLimitReached, MemoryLimitReached: it needs too much.
        """
        if self._end is not None:
            raise self._end
        if self.overdue:
            raise TimeLimitReached(self._time_limit_s)

    @contextmanager
    def watched(self, stop: Callable[[], None]) -> Iterator[None]:
        """Work that cannot ask is stopped instead, by calling `stop` from another thread; ask afterwards."""
        with self._lock:
            self._stops.append(stop)
        try:
            self.go_on()
            yield
        finally:
            with self._lock:
                self._stops.remove(stop)

    def allow(self, time_limit_s: float) -> None:
        """It may take so long, whatever its queue allows."""
        self._time_limit_s = time_limit_s

    def cancel(self) -> None:
        """An operator wants it to end."""
        self._stop(Cancelled())

    def interrupt(self) -> None:
        """The process wants to end."""
        self._stop(Interrupted())

    def overfill(self, limit_bytes: int) -> None:
        """It needs more memory than it may."""
        self._stop(MemoryLimitReached(limit_bytes))

    def time_out(self) -> None:
        """Its time is over."""
        self._stop(TimeLimitReached(self._time_limit_s))

    @property
    def overdue(self) -> bool:
        """Whether its time is over."""
        return self.overdue_s >= 0

    @property
    def overdue_s(self) -> float:
        """For how long its time has been over; below zero while it is not."""
        return self._monotonic() - self._began - self._time_limit_s

    def news(self) -> Progress | None:
        """What was told since this was last asked."""
        told, self._told = self._told, None
        return told

    def _stop(self, reason: Exception) -> None:
        with self._lock:
            if self._end is None:
                self._end = reason
                for stop in self._stops:
                    stop()
