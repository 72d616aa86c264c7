"""Who did what, when: every event in plain words."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from falcon import Request, Response
from pydantic import Field

from countersign.http.answers import Answer
from countersign.http.endpoints import query
from countersign.http.fields import Instant, Key
from countersign.http.past.moments import AsOfPaging
from countersign.http.past.past import Past
from countersign.http.reports.people import People, PersonAnswer
from countersign.http.services import Services
from countersign.http.staleness import Item
from countersign.projections.audit.audit_log_queries import Sought, audit_entries


class AuditWanted(AsOfPaging):
    """Which entries; `since` and `before` are times of recording, `correlation` is a request or trace id."""

    actor: UUID | None = None
    action: Key | None = None
    report_id: UUID | None = None
    correlation: Key | None = None
    since: Instant | None = None
    before: Instant | None = None
    after_position: Annotated[int, Field(ge=0, lt=2**62)] | None = None


class AuditEntryAnswer(Item):
    """One event; `action` is stable, `summary` is for people."""

    HANGS_ON = ("event_id", "stream", "report_id")
    position: int
    event_id: UUID
    recorded_at: datetime
    decided_at: datetime
    actor: PersonAnswer
    on_behalf_of: UUID | None
    action: str
    stream: UUID
    version: int
    report_id: UUID | None
    correlation: str
    causation: UUID | None
    command: str
    summary: str


class AuditAnswer(Answer):
    """A page of entries, the newest first."""

    items: list[AuditEntryAnswer]
    next_cursor: str | None


class Audit:
    """`GET /v1/audit`."""

    def __init__(self, services: Services, past: Past) -> None:
        self._read = services.read
        self._past = past

    @query("Audit", reads=("audit_log",), action="ViewAudit")
    def on_get(self, req: Request, resp: Response, query: AuditWanted) -> AuditAnswer:
        """Read the audit log, up to now or up to a moment."""
        sought = Sought(**query.model_dump(exclude={"cursor", "limit", "as_of"}))
        with self._past.tables(req, resp, query, "audit_log", key=query.report_id) as then:
            page = audit_entries(then.read, sought, cursor=then.cursor, limit=query.limit)
        people = People(self._read, (row.actor for row in page.rows))
        items = [
            AuditEntryAnswer(
                position=row.position,
                event_id=row.event_id,
                recorded_at=row.recorded_at,
                decided_at=row.decided_at,
                actor=people.person(row.actor),
                on_behalf_of=row.on_behalf_of,
                action=row.action,
                stream=row.stream,
                version=row.version,
                report_id=row.report_id,
                correlation=row.correlation,
                causation=row.causation,
                command=row.command,
                summary=row.summary,
            )
            for row in page.rows
        ]
        return AuditAnswer(items=items, next_cursor=then.next_cursor(page.next_cursor))
