"""The day, week or month that was over last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from countersign.aggregates.operations_report import Period


@dataclass(frozen=True, slots=True)
class SpanOfTime:
    """From `begins` until before `ends`; its figures are told in parts that are `every` long."""

    period: Period
    begins: datetime
    ends: datetime
    every: timedelta


def last_whole(period: Period, now: datetime) -> SpanOfTime:
    """The one that was over last, in UTC; weeks begin on Mondays."""
    today = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    if period is Period.DAILY:
        return SpanOfTime(period, today - timedelta(days=1), today, timedelta(hours=1))
    if period is Period.WEEKLY:
        monday = today - timedelta(days=today.weekday())
        return SpanOfTime(period, monday - timedelta(days=7), monday, timedelta(hours=6))
    first = today.replace(day=1)
    return SpanOfTime(period, (first - timedelta(days=1)).replace(day=1), first, timedelta(days=1))
