"""Figures of a period: how they are found and answered, whichever they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Protocol, TypeVar

from falcon import Request, Response

from countersign.eventstore.databases import Database
from countersign.http.analytics.table import Figures, Heads, send_figures
from countersign.http.analytics.wanted import ACTION, PROJECTION, FiguresWanted
from countersign.http.answers import Answer
from countersign.http.comma_separated import wants_csv
from countersign.http.past.past import Past
from countersign.http.reports.visibility import whose_reports
from countersign.http.services import Services
from countersign.projections.figures.figures_groups import Group
from countersign.projections.figures.figures_period import Period


class Found(Protocol):
    """Figures of a group, as they were found."""

    @property
    def group(self) -> Group:
        """What they are of."""


F = TypeVar("F", bound=Found)
R = TypeVar("R", bound=Figures)


class PeriodAnswer(Answer):
    """Figures of a period."""

    first_day: date
    last_day: date
    time_zone: str


class OfPeriod:
    """Answers with the figures of the reports that the caller may see."""

    def __init__(self, services: Services, past: Past) -> None:
        self._services = services
        self._past = past

    def _rows(
        self,
        req: Request,
        resp: Response,
        wanted: FiguresWanted,
        find: Callable[[Database, Period, Any, Any], Sequence[F]],
        show: Callable[[F, Heads], R],
    ) -> tuple[Period, list[R]]:
        owner = whose_reports(req.context.claims, ACTION)
        period = wanted.period(self._services.clock())
        with self._past.tables(req, resp, wanted, PROJECTION) as then:
            found = find(then.read, period, wanted.by, owner)
        heads = Heads(req, self._services.read, (each.group for each in found))
        return period, [show(each, heads) for each in found]


def days_of(period: Period) -> dict[str, Any]:
    """What an answer says of its period."""
    return {"first_day": period.first_day, "last_day": period.last_day, "time_zone": period.zone}


def sent_as_csv(
    req: Request,
    resp: Response,
    wanted: FiguresWanted,
    name: str,
    period: Period,
    row: type[R],
    rows: list[R],
) -> bool:
    """Send rows as a file where the caller wants one."""
    if wants_csv(req, resp, wanted):
        file = f"{name}-{period.first_day}-{period.last_day}"
        send_figures(resp, file, row, rows, bom=wanted.bom)
        return True
    return False
