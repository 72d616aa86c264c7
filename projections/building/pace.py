"""How far a piece of work is, and how fast it goes."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import Final

Progress = Callable[[int, int, float], None]
"""Told how many events of how many were taken, and how many a second."""

_EVERY_S: Final = 1.0


class Pace:
    """Measures over the whole of the work so far."""

    def __init__(self, progress: Progress = lambda *_: None) -> None:
        self._progress = progress
        self._began: tuple[float, int] | None = None  # what was done before somebody looked is no pace
        self._noted = monotonic()

    def begin(self, done: int) -> None:
        """So much was done before."""
        self._began = (monotonic(), done)

    def told(self, done: int, total: int) -> float | None:
        """Tell how far it is; the rate in events a second, when it is time to note it again."""
        self._began = self._began or (monotonic(), done)
        began, before = self._began
        rate = (done - before) / max(monotonic() - began, 1e-6)
        self._progress(done, total, rate)
        if monotonic() - self._noted < _EVERY_S:
            return None
        self._noted = monotonic()
        return rate
