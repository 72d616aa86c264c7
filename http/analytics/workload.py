"""What waits now, for whom, and since when."""

from __future__ import annotations

from datetime import datetime

from falcon import Request, Response

from countersign.http.analytics.table import Figures, Heads, send_figures
from countersign.http.analytics.wanted import ACTION, PROJECTION, READS, OfAMoment
from countersign.http.answers import Answer
from countersign.http.comma_separated import MEDIA_CSV, wants_csv
from countersign.http.endpoints import query
from countersign.http.past.past import Past, Then
from countersign.http.reports.visibility import whose_reports
from countersign.http.services import Services
from countersign.projections.figures import workload_queries
from countersign.projections.figures.workload_queries import WorkloadBy, workload


class WorkloadWanted(OfAMoment):
    """By what open stages are told apart."""

    by: WorkloadBy = WorkloadBy.PERSON


class WorkloadFigures(Figures):
    """Open stages; those that were due before the moment of the answer are overdue."""

    open: int
    overdue: int
    oldest_since: datetime | None
    next_due_at: datetime | None


class WorkloadAnswer(Answer):
    """What waits at a moment."""

    at: datetime
    items: list[WorkloadFigures]


class Workload:
    """`GET /v1/analytics/workload`."""

    def __init__(self, services: Services, past: Past) -> None:
        self._services = services
        self._past = past

    @query("Analytics", reads=READS, media=(MEDIA_CSV,), refusals=(403,))
    def on_get(self, req: Request, resp: Response, query: WorkloadWanted) -> WorkloadAnswer | None:
        """Count the open stages of the reports that one may see, now or at a moment that has been."""
        owner = whose_reports(req.context.claims, ACTION)
        with self._past.tables(req, resp, query, PROJECTION) as then:
            at = self._moment(query, then)
            found = workload(then.read, at, query.by, owner)
        heads = Heads(req, self._services.read, (each.group for each in found))
        items = [_shown(each, heads) for each in found]
        if wants_csv(req, resp, query):
            send_figures(resp, f"workload-{at.date()}", WorkloadFigures, items, bom=query.bom)
            return None
        return WorkloadAnswer(at=at, items=items)

    def _moment(self, query: OfAMoment, then: Then) -> datetime:
        if query.as_of is None or not then.position:
            return self._services.clock()
        if not query.as_of.startswith("position:"):
            return datetime.fromisoformat(query.as_of)
        (reached,) = self._services.log.read(then.position - 1, 1)
        return reached.recorded_at


def _shown(found: workload_queries.Workload, heads: Heads) -> WorkloadFigures:
    return WorkloadFigures(
        **heads(found.group),
        open=found.open,
        overdue=found.overdue,
        oldest_since=found.oldest_since,
        next_due_at=found.next_due_at,
    )
