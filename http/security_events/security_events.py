"""What concerns the safety of the service, for those who watch over it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated
from uuid import UUID

from falcon import Request, Response
from pydantic import StringConstraints

from countersign.aggregates.network import network_of, shown_network
from countersign.aggregates.security_event import Severity
from countersign.http.answers import Answer
from countersign.http.endpoints import query
from countersign.http.fields import Instant, Key
from countersign.http.parameters import Paging
from countersign.http.services import Services
from countersign.http.staleness import Item
from countersign.projections.people.security_events_queries import SecurityEventsSought, security_event_page


class SecurityEventsWanted(Paging):
    """Which events; `network` may be any address in it. `since` and `before` are times of recording."""

    kind: Key | None = None
    severity: Severity | None = None
    account: UUID | None = None
    network: Annotated[str, StringConstraints(min_length=2, max_length=50)] | None = None
    since: Instant | None = None
    before: Instant | None = None


class SecurityEventAnswer(Item):
    """One event, or the sum of `count` like ones since `began_at`. `kind` is stable, `summary` for people.

    `network` is as much of the address as is shown: its /24, or its /48 (IPv6).
    """

    HANGS_ON = ("event_id", "account")
    position: int
    event_id: UUID
    at: datetime
    kind: str
    severity: Severity
    account: UUID | None
    network: str | None
    summary: str
    detail: Mapping[str, str]
    count: int
    began_at: datetime
    correlation: str


class SecurityEventsAnswer(Answer):
    """A page of events, the newest first."""

    items: list[SecurityEventAnswer]
    next_cursor: str | None


class SecurityEvents:
    """`GET /v1/security-events`."""

    def __init__(self, services: Services) -> None:
        self._read = services.read

    @query("Security", reads=("security_events",), action="ViewSecurityEvents")
    def on_get(self, _req: Request, _resp: Response, query: SecurityEventsWanted) -> SecurityEventsAnswer:
        """Read the security events."""
        sought = SecurityEventsSought(
            kind=query.kind,
            severity=query.severity,
            account=query.account,
            network=None if query.network is None else shown_network(str(network_of(query.network))),
            since=query.since,
            before=query.before,
        )
        page = security_event_page(self._read, sought, cursor=query.cursor, limit=query.limit)
        items = [SecurityEventAnswer.model_validate(row) for row in page.rows]
        return SecurityEventsAnswer(items=items, next_cursor=page.next_cursor)
