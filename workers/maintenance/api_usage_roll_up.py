"""Keeps of the use of API clients long ago only the sum of each day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from countersign.eventstore.databases import Database
from countersign.projections.people.api_usage import roll_up
from countersign.workers.course import Course


class ApiUsageRollUp:
    """Rolls up the hours that are older than those that are kept."""

    def __init__(self, read: Database, hours_kept_days: int) -> None:
        self._read = read
        self._kept = timedelta(days=hours_kept_days)

    def __call__(self, now: datetime, course: Course) -> Mapping[str, str]:
        """Roll up; returns how many hours."""
        return {"hours_rolled_up": str(roll_up(self._read, now - self._kept))}
