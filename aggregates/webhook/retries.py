"""When a delivery is tried again, and when a whole endpoint is left alone for a while."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

SCHEDULE: Final = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=8),
    timedelta(hours=24),
)
"""The pauses after the first attempt, the second, and so on; after the last there is none."""

CIRCUIT_OPENS_AFTER: Final = 20
LONGEST_ASKED_PAUSE: Final = timedelta(hours=24)
_JITTER: Final = 0.2
_FIRST_PROBE: Final = timedelta(minutes=5)
_LONGEST_PROBE: Final = timedelta(hours=1)


def pause_after(attempt: int, chance: float, asked: timedelta | None = None) -> timedelta | None:
    """The pause after that attempt (the first is 1), up to a fifth longer by `chance`; None: it was the last.

    Who asked for a pause of their own (`Retry-After`) is left alone for at least as long, up to a day.
    """
    if attempt > len(SCHEDULE):
        return None
    longest = SCHEDULE[attempt - 1] * (1 + _JITTER * chance)
    return longest if asked is None else max(longest, min(asked, LONGEST_ASKED_PAUSE))


def pause_before_probe(probes: int) -> timedelta:
    """How long an endpoint is left alone before one delivery is tried, after so many tries in vain."""
    return min(_LONGEST_PROBE, _FIRST_PROBE * (1 << min(probes, 10)))
