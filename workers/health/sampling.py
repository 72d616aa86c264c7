"""Keeps a sample of every figure of the service, for trends and for the operations report."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from countersign.eventstore.databases import Database
from countersign.projections.health.figure import Gather
from countersign.projections.health.metrics_samples import forget_before, keep_samples, roll_up
from countersign.workers.course import Course

SINGLE_FOR: Final = timedelta(days=2)


class Sampling:
    """Samples of the last two days are kept each, those of before by the hour, for `keep_days`."""

    def __init__(self, read: Database, gather: Gather, keep_days: float) -> None:
        self._read = read
        self._gather = gather
        self._kept = timedelta(days=keep_days)
        self._rolled_up_to: datetime | None = None

    def __call__(self, now: datetime, _course: Course) -> Mapping[str, str]:
        """Take the samples; returns how many, and what became of older ones."""
        at = now.replace(second=0, microsecond=0)
        taken = keep_samples(self._read, self._gather(), at)
        rolled_up = roll_up(self._read, now - SINGLE_FOR, self._rolled_up_to)
        self._rolled_up_to = now - SINGLE_FOR
        dropped = forget_before(self._read, now - self._kept)
        return {"samples": str(taken), "rolled_up": str(rolled_up), "dropped": str(dropped)}
