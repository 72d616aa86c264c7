"""A period of days in somebody's time zone, cut into days, weeks or months."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from countersign.aggregates.root import DomainError

MOST_SLICES: Final = 400
_ONE_DAY: Final = timedelta(days=1)
_FIRST: Final = date(1900, 1, 1)  # zones have no odd seconds, and every moment is one in UTC
_LAST: Final = date(9990, 1, 1)


class BadPeriod(DomainError):
    """No figures can be told for that period."""

    code = "bad_period"
    status = 422


class Unit(StrEnum):
    """Into what a period is cut: weeks begin on Mondays."""

    WHOLE = "whole"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Slice:
    """From the first moment of a local day to the first moment of another, without that."""

    first_day: date
    begin: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Period:
    """Days of a time zone, the last one included.

    Raises:
        BadPeriod: there is no such zone, or no such days, or they are too many.
    """

    first_day: date
    last_day: date
    zone: str = "UTC"
    unit: Unit = Unit.WHOLE

    def __post_init__(self) -> None:
        if self.zone not in _zones():
            raise BadPeriod("There is no such time zone.", (("/time_zone", "unknown"),))
        if not _FIRST <= self.first_day <= self.last_day <= _LAST:
            said = f"must not be after the last day, both from {_FIRST} to {_LAST}"
            raise BadPeriod(f"The first day {said}.", (("/from", said),))
        if self._at_least() > MOST_SLICES:
            said = f"would make more than {MOST_SLICES} parts"
            raise BadPeriod(f"A {self.unit} each {said}: ask for fewer days.", (("/bucket", said),))

    def slices(self) -> tuple[Slice, ...]:
        """Its parts in order, cut at its ends; a day that a zone left out is none."""
        starts = [self.first_day, *self._cuts(), self.last_day + _ONE_DAY]
        moments = [_begin_of(day, self.zone) for day in starts]
        parts = zip(starts, moments, moments[1:], strict=False)
        return tuple(Slice(day, begin, end) for day, begin, end in parts if begin < end)

    def _cuts(self) -> Iterator[date]:
        day = self.first_day
        while self.unit is not Unit.WHOLE:
            day = _next_start(day, self.unit)
            if day > self.last_day:
                return
            yield day

    def _at_least(self) -> int:
        days = (self.last_day - self.first_day).days + 1
        return days // {Unit.WHOLE: days, Unit.DAY: 1, Unit.WEEK: 7, Unit.MONTH: 31}[self.unit]


def local_day(moment: datetime, zone: str) -> date:
    """The day that it is somewhere.

    Raises:
        BadPeriod: there is no such zone.
    """
    if zone not in _zones():
        raise BadPeriod("There is no such time zone.", (("/time_zone", "unknown"),))
    return moment.astimezone(ZoneInfo(zone)).date()


def _next_start(day: date, unit: Unit) -> date:
    if unit is Unit.DAY:
        return day + _ONE_DAY
    if unit is Unit.WEEK:
        return day + timedelta(days=7 - day.weekday())
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1)


def _begin_of(day: date, zone: str) -> datetime:
    # A midnight that clocks pass twice is the first; one that they leave out is the moment they jump.
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones()) - {"localtime"}  # that is another one on another machine
