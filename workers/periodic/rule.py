"""The due times of a kind of periodic work."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from typing import Final, Protocol

from countersign.aggregates.schedule.cadence import Cadence, Rhythm
from countersign.commands.schedule.due_times import due_after, due_times
from countersign.workers.options import Periodic

EPOCH: Final = datetime.fromtimestamp(0, UTC)
MOST_TIMES: Final = 1000
_SPANS: Final = (
    timedelta(hours=1),
    timedelta(days=1),
    timedelta(days=32),
    timedelta(days=400),
    timedelta(days=9 * 366),
)


class Rule(Protocol):
    """Says when something is due; every process means the same times, whenever it was started."""

    def next(self, after: datetime) -> datetime | None:
        """The first due time after a moment."""

    def between(self, after: datetime | None, until: datetime) -> Sequence[datetime]:
        """The due times after a moment and up to another one; of very many only the latest."""


class Every:
    """The multiples of an interval."""

    def __init__(self, every_s: int) -> None:
        self._every = timedelta(seconds=every_s)

    def next(self, after: datetime) -> datetime | None:
        return EPOCH + ((after - EPOCH) // self._every + 1) * self._every

    def between(self, after: datetime | None, until: datetime) -> Sequence[datetime]:
        last = (until - EPOCH) // self._every
        first = last if after is None else max((after - EPOCH) // self._every + 1, last - MOST_TIMES + 1)
        return tuple(EPOCH + number * self._every for number in range(first, last + 1))


class ByCron:
    """What a cron expression says, by the clocks of a place."""

    def __init__(self, expression: str, time_zone: str) -> None:
        self._cadence = Cadence(rhythm=Rhythm.CRON, expression=expression, time_zone=time_zone)
        self._cadence.require_sound()

    def next(self, after: datetime) -> datetime | None:
        return due_after(self._cadence, after)

    def between(self, after: datetime | None, until: datetime) -> Sequence[datetime]:
        for span in _SPANS:
            since = until - span if after is None else max(after, until - span)
            times = tuple(takewhile(lambda time: time <= until, due_times(self._cadence, since)))
            if since == after or len(times) > (0 if after is None else MOST_TIMES):
                return times
        return times


def rule_of(work: Periodic) -> Rule:
    """The rule that the options speak of.

    Raises:
        InvalidSchedule: it is none.
    """
    return Every(work.every_s) if work.every_s else ByCron(work.cron, work.time_zone)


def spoken(work: Periodic) -> str:
    """The rule in words."""
    return f"every {work.every_s} s" if work.every_s else f"{work.cron} ({work.time_zone})"
