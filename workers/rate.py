"""So many a minute and no more."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

WINDOW_S = 60.0


class Rate:
    """A sliding window: in any 60 seconds at most `per_minute` are let through; 0 lets all through."""

    def __init__(self, per_minute: int, monotonic: Callable[[], float]) -> None:
        self._per_minute = per_minute
        self._monotonic = monotonic
        self._passed: deque[float] = deque()

    def free(self, wanted: int) -> int:
        """How many of those wanted may pass now."""
        if not self._per_minute:
            return wanted
        self._forget()
        return min(wanted, self._per_minute - len(self._passed))

    def count(self, passed: int) -> None:
        """So many have passed."""
        if self._per_minute:
            self._passed.extend([self._monotonic()] * passed)

    def wait_s(self) -> float:
        """How long until one more may pass."""
        if self.free(1):
            return 0.0
        return self._passed[0] + WINDOW_S - self._monotonic()

    def _forget(self) -> None:
        while self._passed and self._passed[0] <= self._monotonic() - WINDOW_S:
            self._passed.popleft()
