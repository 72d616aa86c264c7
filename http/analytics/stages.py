"""How the stages of reviews ended in a period."""

from __future__ import annotations

from datetime import date
from typing import Any

from falcon import Request, Response

from countersign.http.analytics.table import Figures, Heads, send_figures, share, tenths
from countersign.http.analytics.wanted import ACTION, PROJECTION, READS, FiguresWanted
from countersign.http.answers import Answer
from countersign.http.comma_separated import MEDIA_CSV, wants_csv
from countersign.http.endpoints import query
from countersign.http.past.past import Past
from countersign.http.reports.visibility import whose_reports
from countersign.http.services import Services
from countersign.projections.figures.report_figures import Outcome
from countersign.projections.figures.stage_figures_queries import StageFigures, stage_figures


class StageFiguresAnswer(Figures):
    """How the stages of that number ended in the part of the period that begins on `first_day`.

    Waiting is the time from the opening of a stage to the decision on it.
    """

    first_day: date
    stage: int
    approved: int
    changes_requested: int
    withdrawn: int
    on_time: int
    on_time_share: float | None
    waiting_median_s: float | None
    waiting_p90_s: float | None


class StagesAnswer(Answer):
    """Figures of a period."""

    first_day: date
    last_day: date
    time_zone: str
    items: list[StageFiguresAnswer]


class Stages:
    """`GET /v1/analytics/stages`."""

    def __init__(self, services: Services, past: Past) -> None:
        self._services = services
        self._past = past

    @query("Analytics", reads=READS, media=(MEDIA_CSV,), refusals=(403,))
    def on_get(self, req: Request, resp: Response, query: FiguresWanted) -> StagesAnswer | None:
        """Count how the stages of the reports that one may see ended, and how long they waited."""
        owner = whose_reports(req.context.claims, ACTION)
        period = query.period(self._services.clock())
        with self._past.tables(req, resp, query, PROJECTION) as then:
            found = stage_figures(then.read, period, query.by, owner)
        heads = Heads(req, self._services.read, (each.group for each in found))
        items = [_shown(each, heads) for each in found]
        if wants_csv(req, resp, query):
            name = f"stages-{period.first_day}-{period.last_day}"
            send_figures(resp, name, StageFiguresAnswer, items, bom=query.bom)
            return None
        return StagesAnswer(
            first_day=period.first_day,
            last_day=period.last_day,
            time_zone=period.zone,
            items=items,
        )


def _shown(figures: StageFigures, heads: Heads) -> StageFiguresAnswer:
    counts: dict[str, Any] = {outcome.value: figures.ended[outcome] for outcome in Outcome}
    return StageFiguresAnswer(
        **heads(figures.group),
        **counts,
        first_day=figures.first_day,
        stage=figures.stage,
        on_time=figures.on_time,
        on_time_share=share(figures.on_time, figures.decided),
        waiting_median_s=tenths(figures.waited.median_s),
        waiting_p90_s=tenths(figures.waited.p90_s),
    )
