"""Reads the security events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from countersign.eventstore.databases import Database
from countersign.projections.keyset import Keyset, Page
from countersign.projections.people.security_events import security_events
from countersign.projections.projection import view_of
from countersign.projections.reading import having, page

_view: Final = view_of(security_events)
_NEWEST_FIRST: Final = Keyset("position", (_view.c.position,), descending=True)


@dataclass(frozen=True, slots=True)
class SecurityEventRow:
    """One event, or the sum of `count` since `began_at`; `network` is a /24 or /48, or wider."""

    position: int
    event_id: UUID
    at: datetime
    kind: str
    severity: str
    account: UUID | None
    network: str | None
    summary: str
    detail: Mapping[str, str]
    count: int
    began_at: datetime
    correlation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityEventsSought:
    """Which events; what is None does not matter. `since` and `before` are times of recording."""

    kind: str | None = None
    severity: str | None = None
    account: UUID | None = None
    network: str | None = None
    since: datetime | None = None
    before: datetime | None = None


def security_event_page(
    read: Database, sought: SecurityEventsSought, *, cursor: str | None = None, limit: int = 50
) -> Page[SecurityEventRow]:
    """The newest events first.

    Raises:
        BadCursor: the cursor is not from this list.
    """
    query = having(
        _view,
        SecurityEventRow,
        kind=sought.kind,
        severity=sought.severity,
        account=sought.account,
        network=sought.network,
    )
    if sought.since is not None:
        query = query.where(_view.c.at >= sought.since)
    if sought.before is not None:
        query = query.where(_view.c.at < sought.before)
    return page(read, SecurityEventRow, _NEWEST_FIRST, query, cursor, limit)
