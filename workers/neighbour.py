"""A server that the work of a queue leans on, such as the mail server: what is done while it is away."""

from __future__ import annotations

import time
from collections.abc import Callable
from math import inf

TRY_EVERY_S = 2.0
TRY_WHEN_REFUSED_EVERY_S = 60.0  # a wrong password given every two seconds has an account locked
LOOK_AGAIN_S = 0.2
SAID_EVERY_S = 60.0


class NeighbourAway(Exception):
    """It is not to be reached: nothing was begun, and nothing is held against the effect."""

    @property
    def pause_s(self) -> float:
        """How long until it is worth another try."""
        return TRY_EVERY_S


class NeighbourRefuses(NeighbourAway):
    """It is there and will have nothing to do with us: a person has to mend a setting, here or there."""

    @property
    def pause_s(self) -> float:
        """How long until it is worth another try."""
        return TRY_WHEN_REFUSED_EVERY_S


class Patience:
    """How much of a queue may be tried: all of it, and while its neighbour is away one piece now and then.

    An outage of ten minutes would otherwise use up the attempts of all that waits: dead letters, for nothing.
    """

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._try_at: float | None = None
        self._said_at = -inf

    def away(self, pause_s: float) -> bool:
        """It was not to be reached, and is worth another try after that pause.

        Returns whether that is worth saying: an outage is hundreds of tries.
        """
        now = self._monotonic()
        self._try_at = now + pause_s
        if now - self._said_at < SAID_EVERY_S:
            return False
        self._said_at = now
        return True

    def back(self) -> None:
        """Something came to an end with it."""
        self._try_at = None

    def room(self, wanted: int, held: int) -> int:
        """How many of those wanted may be tried now, while so many are under way."""
        if self._try_at is None:
            return wanted
        return min(wanted, 1) if not held and self._monotonic() >= self._try_at else 0

    def wait_s(self) -> float:
        """How long until it is worth a look again; 0 while all is well."""
        if self._try_at is None:
            return 0.0
        return max(LOOK_AGAIN_S, self._try_at - self._monotonic())
