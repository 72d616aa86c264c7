"""The latest moment at which the clocks of a place showed a certain full hour."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones


def latest_hour(hour: int, time_zone: str, now: datetime) -> datetime:
    """At or before now, once a day.

    Where the clocks leave the hour out, it is as if they had not been put forward yet; where they show it
    twice, it is the first time.
    """
    zone = ZoneInfo(time_zone)
    today = now.astimezone(zone).date()
    due = _at(today, hour, zone)
    return due if due <= now else _at(today - timedelta(days=1), hour, zone)


@cache
def time_zones() -> frozenset[str]:
    """The names of all places."""
    return frozenset(available_timezones())


def _at(day: date, hour: int, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=zone).astimezone(UTC)
