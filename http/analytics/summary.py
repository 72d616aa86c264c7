"""What reports reached in a period."""

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


class SummaryAnswer(Answer):
    """Figures of a period."""

    first_day: date
    last_day: date
    time_zone: str
    items: list[SummaryFigures]


class Summary:
    """`GET /v1/analytics/summary`."""

    def __init__(self, services: Services, past: Past) -> None:
        self._services = services
        self._past = past

    @query("Analytics", reads=READS, media=(MEDIA_CSV,), refusals=(403,))
    def on_get(self, req: Request, resp: Response, query: FiguresWanted) -> SummaryAnswer | None:
        """Count what the reports that one may see reached, and how long writing and review took."""
        owner = whose_reports(req.context.claims, ACTION)
        period = query.period(self._services.clock())
        with self._past.tables(req, resp, query, PROJECTION) as then:
            found = milestone_figures(then.read, period, query.by, owner)
        heads = Heads(req, self._services.read, (each.group for each in found))
        items = [_shown(each, heads) for each in found]
        if wants_csv(req, resp, query):
            name = f"summary-{period.first_day}-{period.last_day}"
            send_figures(resp, name, SummaryFigures, items, bom=query.bom)
            return None
        return SummaryAnswer(
            first_day=period.first_day,
            last_day=period.last_day,
            time_zone=period.zone,
            items=items,
        )


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
