"""A clock that stands still until a test turns it."""

from __future__ import annotations


class TurnedClock:
    def __init__(self) -> None:
        self._now = 1_000.0

    def __call__(self) -> float:
        return self._now

    def turn(self, seconds: float) -> None:
        self._now += seconds
