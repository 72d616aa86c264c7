"""What waits for one's decision."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from falcon import Request, Response

from countersign.http.answers import Answer
from countersign.http.endpoints import query
from countersign.http.past.moments import AsOfPaging
from countersign.http.past.past import Past
from countersign.http.reports.people import People, PersonAnswer
from countersign.http.reports.visibility import whose_reports
from countersign.http.services import Services
from countersign.http.staleness import Item
from countersign.projections.reports.approval_queue_queries import waiting_stages


class ApprovalAnswer(Item):
    """A stage whose turn it is. `version` goes into `If-Match`, `content_digest` into the approval."""

    HANGS_ON = ("report_id",)
    report_id: UUID
    document_number: str
    title: str
    revision: str
    stage: int
    role: str
    owner: PersonAnswer
    since: datetime
    due_at: datetime
    version: int
    content_digest: str


class ApprovalsAnswer(Answer):
    """A page of stages, the most urgent first."""

    items: list[ApprovalAnswer]
    next_cursor: str | None


class Approvals:
    """`GET /v1/approvals`."""

    def __init__(self, services: Services, past: Past) -> None:
        self._read = services.read
        self._past = past

    @query("Approval", reads=("approval_queue",))
    def on_get(self, req: Request, resp: Response, query: AsOfPaging) -> ApprovalsAnswer:
        """List what waits for one's decision, or waited for it then."""
        claims = req.context.claims
        # Somebody who decided on a report may be in a role today that must not see it any more.
        only = None if query.as_of is None else whose_reports(claims)
        with self._past.tables(req, resp, query, "approval_queue") as then:
            page = waiting_stages(
                then.read, claims.account, owner=only, cursor=then.cursor, limit=query.limit
            )
        people = People(self._read, (row.owner for row in page.rows))
        items = [
            ApprovalAnswer(
                report_id=row.report_id,
                document_number=row.document_number,
                title=row.title,
                revision=row.revision,
                stage=row.stage,
                role=row.role,
                owner=people.person(row.owner),
                since=row.since,
                due_at=row.due_at,
                version=row.version,
                content_digest=row.content_digest,
            )
            for row in page.rows
        ]
        return ApprovalsAnswer(items=items, next_cursor=then.next_cursor(page.next_cursor))
