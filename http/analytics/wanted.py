"""Which figures: of when, and how they are told apart."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Annotated, Final

from pydantic import BeforeValidator, Field, StringConstraints

from countersign.http.comma_separated import AlsoCsv
from countersign.http.past.moments import AsOf, Moment
from countersign.projections.figures.figures_groups import By
from countersign.projections.figures.figures_period import Period, Unit, local_day

_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_DAYS: Final = 30

ACTION: Final = "ViewFigures"
READS: Final = ("report_figures", "people")
PROJECTION: Final = "report_figures"


def _written(day: object) -> object:
    # A bare number would be taken for seconds since 1970.
    if isinstance(day, str) and not _DATE.fullmatch(day):
        raise ValueError("is a date such as 2026-03-18")
    return day


Day = Annotated[date, BeforeValidator(_written)]


class OfAMoment(AlsoCsv, AsOf):
    """As the read tables are, or as they were: `position:1234`, or a time with its zone."""

    as_of: Moment | None = None


class FiguresWanted(OfAMoment):
    """Days of a time zone, the last one included: the last 30 days, unless `from` and `to` say otherwise.

    With `as_of` the figures are those that were known then.
    """

    first_day: Annotated[Day | None, Field(alias="from")] = None
    last_day: Annotated[Day | None, Field(alias="to")] = None
    time_zone: Annotated[
        str, StringConstraints(max_length=64), Field(examples=["Europe/Athens", "America/New_York"])
    ] = "UTC"
    bucket: Unit = Unit.WHOLE
    by: By = By.NONE

    def period(self, now: datetime) -> Period:
        """The days that are asked for.

        Raises:
            BadPeriod: there is no such zone, or no such days, or they are too many.
        """
        last = self.last_day or max(local_day(now, self.time_zone), self.first_day or date.min)
        first = self.first_day or last - min(timedelta(days=_DAYS - 1), last - date.min)
        return Period(first, last, self.time_zone, self.bucket)
