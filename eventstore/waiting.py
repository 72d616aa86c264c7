"""How long a reader waits: while signals reach it, it need not look by itself as often."""

from __future__ import annotations

from collections.abc import Callable
from math import inf
from threading import Event
from time import monotonic as steady
from typing import Final

from countersign.eventstore.wakeups import Listener

RARER: Final = 4
"""So many times longer is the poll of a reader whom signals reach."""
DOUBT_S: Final = 60.0
SLICE_S: Final = 0.5
"""How soon it notices that it is to stop."""


class Waiting:
    """Waits for signals, and at most `poll_s` where none can come.

    A signal may get lost though nothing seems wrong, as behind a pooler: news that a reader found by itself
    let it look as often as without signals for a while.
    """

    def __init__(
        self, listener: Listener, poll_s: float, stop: Event, monotonic: Callable[[], float] = steady
    ) -> None:
        self._listener = listener
        self._poll_s = poll_s
        self._stop = stop
        self._monotonic = monotonic
        self._doubted_until = -inf
        self._by_itself = False

    def wait(self, at_most_s: float = inf) -> bool:
        """Whether there was a signal since the last wait."""
        longest_s = self._poll_s * (RARER if self._is_relied_on() else 1)
        until = self._monotonic() + min(longest_s, at_most_s)
        self._by_itself = not self._is_woken(until)
        return not self._by_itself

    def found(self) -> None:
        """There were news."""
        if self._by_itself:
            self._doubted_until = self._monotonic() + DOUBT_S
        self._by_itself = False

    def _is_woken(self, until: float) -> bool:
        while not self._stop.is_set() and (left_s := until - self._monotonic()) > 0:
            if self._listener.wait(min(left_s, SLICE_S)):
                return True
        return False

    def _is_relied_on(self) -> bool:
        return self._listener.hears and self._monotonic() >= self._doubted_until
