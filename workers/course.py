"""How one piece of work goes: what it tells of itself, and whether it may go on."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from countersign.aggregates.rendering import FailureClass
from countersign.workers.failure import EffectFailed

LONGEST_STEP = 200


@dataclass(frozen=True, slots=True)
class Progress:
    """How far it has come, in percent of the whole, and what is being done."""

    percent: int
    step: str


class Cancelled(Exception):
    """An operator does not want this piece of work done any more."""


class NotYet(Exception):
    """The work cannot be done before that time; to have looked costs no attempt."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until.isoformat())
        self.until = until


class TimeLimitReached(EffectFailed):
    """The work took longer than its queue allows."""

    def __init__(self, time_limit_s: float) -> None:
        super().__init__(FailureClass.TIMEOUT, f"not finished after {time_limit_s:g} s")


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
        self._unwanted = threading.Event()
        self._told: Progress | None = None

    def tell(self, percent: float, step: str = "") -> None:
        """Say how far the work has come, and in a few words, without anything personal, at what it is."""
        self._told = Progress(max(0, min(100, int(percent))), step[:LONGEST_STEP])

    def go_on(self) -> None:
        """Ask whether to go on; long work does so between its steps, where it can end without a loss.

        Raises:
            Cancelled: an operator wants it to end.
            TimeLimitReached: it took too long.
        """
        if self._unwanted.is_set():
            raise Cancelled
        if self.overdue:
            raise TimeLimitReached(self._time_limit_s)

    def cancel(self) -> None:
        """The next `go_on` ends the work."""
        self._unwanted.set()

    @property
    def overdue(self) -> bool:
        """Whether its time is over."""
        return self._monotonic() - self._began >= self._time_limit_s

    def news(self) -> Progress | None:
        """What was told since this was last asked."""
        told, self._told = self._told, None
        return told
