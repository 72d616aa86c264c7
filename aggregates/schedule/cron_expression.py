"""The five fields of a cron expression: minute, hour, day of the month, month, day of the week."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Self

LONGEST_EXPRESSION: Final = 100
_ITEM: Final = re.compile(r"(\*|[0-9a-z]+(?:-[0-9a-z]+)?)(?:/([0-9]{1,2}))?", re.ASCII)
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS: Final = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    lowest: int
    highest: int
    names: tuple[str, ...] = ()


_FIELDS: Final = (
    _Field("minute", 0, 59),
    _Field("hour", 0, 23),
    _Field("day", 1, 31),
    _Field("month", 1, 12, _MONTHS),
    _Field("weekday", 0, 7, _DAYS),
)


class BadExpression(ValueError):
    """This is no cron expression; the message says which part of it is wrong."""


@dataclass(frozen=True, slots=True)
class CronExpression:
    """What each field allows. Days of the week count from Sunday, 0, to Saturday, 6.

    As crontab(5) has it, a day has to be in `days` or in `weekdays` when both are narrowed down.
    """

    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: tuple[int, ...]
    months: tuple[int, ...]
    weekdays: tuple[int, ...]
    any_day: bool
    any_weekday: bool

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read one, such as `30 6 * * mon-fri`.

        Raises:
            BadExpression: and why.
        """
        parts = text.lower().split()
        if len(text) > LONGEST_EXPRESSION or len(parts) != len(_FIELDS):
            raise BadExpression("needs five fields: minute, hour, day, month, day of the week")
        minutes, hours, days, months, weekdays = map(_allowed, parts, _FIELDS)
        return cls(
            minutes=minutes,
            hours=hours,
            days=days,
            months=months,
            weekdays=tuple(sorted({day % 7 for day in weekdays})),
            any_day=parts[2].startswith("*"),
            any_weekday=parts[4].startswith("*"),
        )


def _allowed(text: str, field: _Field) -> tuple[int, ...]:
    return tuple(sorted({number for item in text.split(",") for number in _numbers(item, field)}))


def _numbers(item: str, field: _Field) -> Sequence[int]:
    found = _ITEM.fullmatch(item)
    if found is None:
        raise BadExpression(f"{item!r} is no {field.name}")
    span, step = found.groups()
    first, last = _ends(span, field, stepped=step is not None)
    if first > last or step == "0" or not field.lowest <= first <= last <= field.highest:
        raise BadExpression(f"{item!r} is not within the {field.name}s {field.lowest} to {field.highest}")
    return range(first, last + 1, int(step or 1))


def _ends(span: str, field: _Field, *, stepped: bool) -> tuple[int, int]:
    if span == "*":
        return field.lowest, field.highest - (field.name == "weekday")
    ends = tuple(_number(end, field) for end in span.split("-"))
    if len(ends) == 1 and stepped:
        return ends[0], field.highest
    return ends[0], ends[-1]


def _number(text: str, field: _Field) -> int:
    if text in field.names:
        return field.lowest + field.names.index(text)
    if not text.isdigit():
        raise BadExpression(f"{text!r} is no {field.name}")
    return int(text)


def names_of(weekdays: Sequence[int]) -> Iterator[str]:
    """The days of the week by name."""
    return (_DAYS[day] for day in weekdays)
