"""What reports reached in a period."""

from __future__ import annotations

from datetime import date
from typing import Any

from falcon import Request, Response

from countersign.http.analytics.of_period import OfPeriod, PeriodAnswer, days_of, sent_as_csv
from countersign.http.analytics.table import Figures, Heads, share, tenths
from countersign.http.analytics.wanted import READS, FiguresWanted
from countersign.http.comma_separated import MEDIA_CSV
from countersign.http.endpoints import query
from countersign.projections.figures.milestone_figures_queries import MilestoneFigures, milestone_figures
from countersign.projections.figures.report_figures import Milestone


class SummaryFigures(Figures):
    """What reports reached in the part of the period that begins on `first_day`.

    Writing is the time before each submission, review the time from the first submission of a revision to its
    approval.
    """

    first_day: date
    created: int
    submitted: int
    approved: int
    rejected: int
    withdrawn: int
    issued: int
    first_pass: int
    first_pass_yield: float | None
    writing_median_s: float | None
    writing_p90_s: float | None
    review_median_s: float | None
    review_p90_s: float | None


class SummaryAnswer(PeriodAnswer):
    """Figures of a period."""

    items: list[SummaryFigures]


class Summary(OfPeriod):
    """`GET /v1/analytics/summary`."""

    @query("Analytics", reads=READS, media=(MEDIA_CSV,), refusals=(403,))
    def on_get(self, req: Request, resp: Response, query: FiguresWanted) -> SummaryAnswer | None:
        """Count what the reports that one may see reached, and how long writing and review took."""
        period, items = self._rows(req, resp, query, milestone_figures, _shown)
        if sent_as_csv(req, resp, query, "summary", period, SummaryFigures, items):
            return None
        return SummaryAnswer(**days_of(period), items=items)


def _shown(figures: MilestoneFigures, heads: Heads) -> SummaryFigures:
    approved = figures.reached[Milestone.APPROVED]
    counts: dict[str, Any] = {milestone.value: figures.reached[milestone] for milestone in Milestone}
    return SummaryFigures(
        **heads(figures.group),
        **counts,
        first_day=figures.first_day,
        first_pass=figures.first_pass,
        first_pass_yield=share(figures.first_pass, approved),
        writing_median_s=tenths(figures.written.median_s),
        writing_p90_s=tenths(figures.written.p90_s),
        review_median_s=tenths(figures.reviewed.median_s),
        review_p90_s=tenths(figures.reviewed.p90_s),
    )
