"""How close together the times of a cron expression are."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Final

from countersign.aggregates.schedule.cron_expression import CronExpression

_MINUTES_A_DAY: Final = 24 * 60
_FIRST_DAY: Final = date(2001, 1, 1)
_ALL_CALENDARS: Final = 28 * 365 + 7  # days, after which dates fall on the same days of the week again


def least_minutes_between(expression: CronExpression) -> int:
    """The least minutes between two due times, on a clock that is never put forward or back."""
    times = sorted(60 * hour + minute for hour in expression.hours for minute in expression.minutes)
    on_a_day = min((later - time for time, later in pairwise(times)), default=_MINUTES_A_DAY)
    over_midnight = times[0] + _MINUTES_A_DAY - times[-1]
    return over_midnight if over_midnight < on_a_day and _has_days_in_a_row(expression) else on_a_day


def _has_days_in_a_row(expression: CronExpression) -> bool:
    days = (_FIRST_DAY + timedelta(number) for number in range(_ALL_CALENDARS + 1))
    return any(
        today and tomorrow for today, tomorrow in pairwise(_is_due_on(expression, day) for day in days)
    )


def _is_due_on(expression: CronExpression, day: date) -> bool:
    fits = day.day in expression.days, day.isoweekday() % 7 in expression.weekdays
    needs_both = expression.any_day or expression.any_weekday
    return day.month in expression.months and (all(fits) if needs_both else any(fits))
