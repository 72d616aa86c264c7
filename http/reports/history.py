"""What happened to a report, told in order."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from falcon import Request, Response

from countersign.http.answers import Answer
from countersign.http.endpoints import query
from countersign.http.past.moments import AsOfOnePaging
from countersign.http.past.past import Past
from countersign.http.reports.people import People, PersonAnswer
from countersign.http.reports.visibility import visible_report
from countersign.http.services import Services
from countersign.http.staleness import Item
from countersign.projections.audit.audit_log_queries import timeline


class HappeningAnswer(Item):
    """One thing that happened; `action` is stable, `summary` is for people."""

    HANGS_ON = ("report_id",)
    position: int
    at: datetime
    recorded_at: datetime
    actor: PersonAnswer
    action: str
    version: int
    summary: str


class HistoryAnswer(Answer):
    """A page of a report's history, from the beginning."""

    items: list[HappeningAnswer]
    next_cursor: str | None


class History:
    """`GET /v1/reports/{report_id}/history`."""

    def __init__(self, services: Services, past: Past) -> None:
        self._services = services
        self._past = past

    @query("Reports", reads=("audit_log",))
    def on_get(self, req: Request, resp: Response, report_id: UUID, query: AsOfOnePaging) -> HistoryAnswer:
        """Tell what happened to a report, its documents and its mails, up to now or up to a moment."""
        services = self._services
        visible_report(services.aggregates, req.context.claims, report_id)
        with self._past.of_report(req, resp, query, "audit_log", report_id) as then:
            page = timeline(then.read, report_id, cursor=then.cursor, limit=query.limit)
        people = People(services.read, (row.actor for row in page.rows))
        items = [
            HappeningAnswer(
                position=row.position,
                at=row.decided_at,
                recorded_at=row.recorded_at,
                actor=people.person(row.actor),
                action=row.action,
                version=row.version,
                summary=row.summary,
            )
            for row in page.rows
        ]
        return HistoryAnswer(items=items, next_cursor=then.next_cursor(page.next_cursor))
