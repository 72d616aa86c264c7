"""How the stages of reviews ended in a period."""

from __future__ import annotations

from datetime import date
from typing import Any

from falcon import Request, Response

from countersign.http.analytics.of_period import OfPeriod, PeriodAnswer, days_of, sent_as_csv
from countersign.http.analytics.table import Figures, Heads, share, tenths
from countersign.http.analytics.wanted import READS, FiguresWanted
from countersign.http.comma_separated import MEDIA_CSV
from countersign.http.endpoints import query
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


class StagesAnswer(PeriodAnswer):
    """Figures of a period."""

    items: list[StageFiguresAnswer]


class Stages(OfPeriod):
    """`GET /v1/analytics/stages`."""

    @query("Analytics", reads=READS, media=(MEDIA_CSV,), refusals=(403,))
    def on_get(self, req: Request, resp: Response, query: FiguresWanted) -> StagesAnswer | None:
        """Count how the stages of the reports that one may see ended, and how long they waited."""
        period, items = self._rows(req, resp, query, stage_figures, _shown)
        if sent_as_csv(req, resp, query, "stages", period, StageFiguresAnswer, items):
            return None
        return StagesAnswer(**days_of(period), items=items)


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
