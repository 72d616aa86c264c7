"""The revisions of a report, and every step that they took."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from falcon import Request, Response

from countersign.http.answers import Answer
from countersign.http.endpoints import query
from countersign.http.past.moments import AsOf
from countersign.http.past.past import Past
from countersign.http.reports.visibility import visible_report
from countersign.http.services import Services
from countersign.http.staleness import Item
from countersign.projections.reports.revision_history_queries import revision_steps, revisions


class RevisionAnswer(Item):
    """A revision; what has not happened yet is null."""

    HANGS_ON = ("report_id",)
    revision: str
    status: str
    begun_at: datetime
    submissions: int
    submitted_at: datetime | None
    submitted_by: UUID | None
    content_digest: str | None
    template_version: int | None
    approved_at: datetime | None
    issued_at: datetime | None
    issued_by: UUID | None
    issue_status: str | None
    rendering_id: UUID | None
    document_digest: str | None


class StepAnswer(Item):
    """A revision reached a status; `reason` is the author's comment, or why it went back."""

    HANGS_ON = ("report_id",)
    revision: str
    position: int
    status: str
    at: datetime
    actor: UUID
    reason: str | None


class RevisionsAnswer(Answer):
    """The revisions, the first one first, and their steps in order."""

    items: list[RevisionAnswer]
    steps: list[StepAnswer]


class Revisions:
    """`GET /v1/reports/{report_id}/revisions`."""

    def __init__(self, services: Services, past: Past) -> None:
        self._services = services
        self._past = past

    @query("Reports", reads=("revision_history",))
    def on_get(self, req: Request, resp: Response, report_id: UUID, query: AsOf) -> RevisionsAnswer:
        """List the revisions of a report, as they are now or as they were."""
        visible_report(self._services.aggregates, req.context.claims, report_id)
        with self._past.of_report(req, resp, query, "revision_history", report_id) as then:
            return RevisionsAnswer(
                items=[RevisionAnswer.model_validate(row) for row in revisions(then.read, report_id)],
                steps=[StepAnswer.model_validate(row) for row in revision_steps(then.read, report_id)],
            )
