"""When something is due: what APScheduler finds on a clock's face, set into the time of a place.

Its CronTrigger could go by the clocks of a place, and at their changes means times that there are not, fires
twice, or comes back to the same hour again and again (seen with 3.11.3). So it is asked in a time without
changes, and what it answers is set into the time of the place here.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import chain, islice, takewhile
from zoneinfo import ZoneInfo

from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.combining import OrTrigger
from apscheduler.triggers.cron import CronTrigger

from countersign.aggregates.schedule.cadence import Cadence, Rhythm
from countersign.aggregates.schedule.cron_expression import CronExpression, names_of

EVERY_HOUR = tuple(range(24))
SHORTEST_MONTH = 28
LONGEST_CHANGE = timedelta(hours=3)
FURTHEST = timedelta(days=9 * 366)  # there is a 29th of February at least every eight years
TICK = timedelta(microseconds=1)


def due_after(cadence: Cadence, moment: datetime) -> datetime | None:
    """The first due time after a moment; None when there is none for years.

    What is due at certain hours is due once on each of those days: where the clocks leave its time out, as if
    they had not been put forward yet; where they show it twice, the first time. What is due in every hour is
    due as the hours pass, also in the one that comes twice.
    """
    find = _as_hours_pass if _in_every_hour(cadence) else _at_hours
    return find(_clock(cadence), ZoneInfo(cadence.time_zone), moment)


def due_times(cadence: Cadence, after: datetime) -> Iterator[datetime]:
    """The due times after a moment, one after the other."""
    due_at = due_after(cadence, after)
    while due_at is not None:
        yield due_at
        due_at = due_after(cadence, due_at)


def next_times(cadence: Cadence, after: datetime, count: int) -> tuple[datetime, ...]:
    """The first few due times after a moment."""
    return tuple(islice(due_times(cadence, after), count))


def _in_every_hour(cadence: Cadence) -> bool:
    return cadence.rhythm is Rhythm.CRON and CronExpression.parse(cadence.expression).hours == EVERY_HOUR


def _at_hours(clock: BaseTrigger, zone: ZoneInfo, moment: datetime) -> datetime | None:
    shown = moment.astimezone(zone).replace(tzinfo=None)
    times = _shown_times(clock, shown - LONGEST_CHANGE)
    later = ((face, _first(face, zone)) for face in times)
    found = next((each for each in later if each[1] > moment), None)
    if found is None:
        return None
    rest = takewhile(lambda each: each[0] < found[0] + LONGEST_CHANGE, later)
    return min(each[1] for each in chain((found,), rest) if each[1] > moment)


def _first(face: datetime, zone: ZoneInfo) -> datetime:
    return face.replace(tzinfo=zone, fold=0).astimezone(UTC)  # left out: as if the clocks had not changed yet


def _as_hours_pass(clock: BaseTrigger, zone: ZoneInfo, moment: datetime) -> datetime | None:
    began = moment.astimezone(UTC) + TICK
    while True:
        offset = _offset(began, zone)
        face = next(_shown_times(clock, (began + offset).replace(tzinfo=None)), None)
        if face is None:
            return None
        found = face.replace(tzinfo=UTC) - offset
        change = _next_change(zone, began, found)
        if change is None:
            return found
        began = change


def _next_change(zone: ZoneInfo, since: datetime, until: datetime) -> datetime | None:
    """The first moment from which on the clocks show something else."""
    while since < until:
        later = min(since + timedelta(days=1), until)
        if _offset(later, zone) != _offset(since, zone):
            return _change_between(zone, since, later)
        since = later
    return None


def _change_between(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    old = _offset(before, zone)
    first, last = int(before.timestamp()), int(after.timestamp())
    while last - first > 1:
        middle = (first + last) // 2
        if _offset(datetime.fromtimestamp(middle, UTC), zone) == old:
            first = middle
        else:
            last = middle
    return datetime.fromtimestamp(last, UTC)


def _offset(moment: datetime, zone: ZoneInfo) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta()


def _shown_times(clock: BaseTrigger, since: datetime) -> Iterator[datetime]:
    now = since.replace(tzinfo=UTC)
    furthest = now + FURTHEST
    while (found := clock.get_next_fire_time(None, now)) is not None and found < furthest:
        yield found.replace(tzinfo=None)
        now = found + TICK


@lru_cache(maxsize=1000)
def _clock(cadence: Cadence) -> BaseTrigger:
    parts = tuple(_parts(cadence))
    return parts[0] if len(parts) == 1 else OrTrigger(parts)


def _parts(cadence: Cadence) -> Iterator[CronTrigger]:
    match cadence.rhythm:
        case Rhythm.CRON:
            yield from _cron(CronExpression.parse(cadence.expression))
        case Rhythm.WEEKLY:
            yield _at(cadence, day_of_week=",".join(cadence.weekdays))
        case Rhythm.MONTHLY:
            yield from _monthly(cadence)
        case _:
            yield _at(cadence)


def _monthly(cadence: Cadence) -> Iterator[CronTrigger]:
    yield _at(cadence, day=str(cadence.day))
    if cadence.day > SHORTEST_MONTH:
        yield _at(cadence, month="2", day="last")
    if cadence.day > SHORTEST_MONTH + 2:
        yield _at(cadence, month="4,6,9,11", day="last")


def _cron(expression: CronExpression) -> Iterator[CronTrigger]:
    fields = {
        "minute": _listed(expression.minutes),
        "hour": _listed(expression.hours),
        "month": _listed(expression.months),
    }
    days, weekdays = _listed(expression.days), ",".join(names_of(expression.weekdays))
    if expression.any_day or expression.any_weekday:
        yield CronTrigger(timezone=UTC, day=days, day_of_week=weekdays, **fields)
    else:
        yield CronTrigger(timezone=UTC, day=days, **fields)
        yield CronTrigger(timezone=UTC, day_of_week=weekdays, **fields)


def _at(cadence: Cadence, **days: str) -> CronTrigger:
    hour, minute = cadence.at.split(":")
    return CronTrigger(timezone=UTC, hour=hour, minute=minute, **days)


def _listed(numbers: tuple[int, ...]) -> str:
    return ",".join(map(str, numbers))
