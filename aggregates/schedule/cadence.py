"""How often something is due, by the clocks of a place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Final
from zoneinfo import available_timezones

from countersign.aggregates.root import DomainError
from countersign.aggregates.schedule.cron_expression import BadExpression, CronExpression

_TIME_OF_DAY: Final = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]", re.ASCII)
_LONGEST_MONTH: Final = 31


class InvalidSchedule(DomainError):
    """A schedule has a name, readers, something to send, and times at which it is due."""

    code = "invalid_schedule"
    status = 422


class Rhythm(StrEnum):
    """The ways to say how often."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    CRON = "cron"


class Weekday(StrEnum):
    """The days of a week."""

    MONDAY = "mon"
    TUESDAY = "tue"
    WEDNESDAY = "wed"
    THURSDAY = "thu"
    FRIDAY = "fri"
    SATURDAY = "sat"
    SUNDAY = "sun"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cadence:
    """Due at the time `at` (HH:MM) daily, on `weekdays`, on a `day` of the month, or by a cron `expression`.

    All of it is by the clocks of `time_zone`. A month that is too short for `day` has it on its last day.
    """

    rhythm: Rhythm
    time_zone: str = "UTC"
    at: str = ""
    weekdays: tuple[Weekday, ...] = ()
    day: int = 0
    expression: str = ""

    def require_sound(self, pointer: str = "/cadence") -> None:
        """Refuse one that does not say when, or says more than its rhythm knows.

        Raises:
            InvalidSchedule: pointing at each fault.
        """
        if faults := tuple((f"{pointer}/{field}", fault) for field, fault in self._faults()):
            raise InvalidSchedule("this does not say when it is due", faults)

    def _faults(self) -> Iterator[tuple[str, str]]:
        if self.time_zone not in _zones():
            yield "time_zone", "is not the name of a time zone, such as Europe/Berlin"
        if self.rhythm is Rhythm.CRON:
            yield from self._faults_of_expression()
        elif not _TIME_OF_DAY.fullmatch(self.at):
            yield "at", "needs a time from 00:00 to 23:59"
        if (self.rhythm is Rhythm.CRON) is not bool(self.expression):
            yield "expression", "the rhythm cron needs one, no other has any"
        if (self.rhythm is Rhythm.WEEKLY) is not bool(self.weekdays):
            yield "weekdays", "the rhythm weekly needs some, no other has any"
        if len(set(self.weekdays)) < len(self.weekdays):
            yield "weekdays", "names a day twice"
        if (1 <= self.day <= _LONGEST_MONTH) is not (self.rhythm is Rhythm.MONTHLY) or self.day < 0:
            yield "day", "the rhythm monthly needs one from 1 to 31, no other has any"

    def _faults_of_expression(self) -> Iterator[tuple[str, str]]:
        if self.at:
            yield "at", "does not go with a cron expression"
        try:
            CronExpression.parse(self.expression)
        except BadExpression as bad:
            yield "expression", str(bad)


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones()) - {"localtime"}  # that is another one on another machine
