"""Lists incidents, and shows one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import or_

from countersign.aggregates.incident import IncidentStatus
from countersign.eventstore.databases import Database
from countersign.projections.health.incidents import incidents
from countersign.projections.keyset import Keyset, Page
from countersign.projections.projection import view_of
from countersign.projections.reading import every, having, one, page

_view: Final = view_of(incidents)
_NEWEST_FIRST: Final = Keyset("position", (_view.c.position,), descending=True)


@dataclass(frozen=True, slots=True)
class IncidentRow:
    """One incident; `acknowledged_by` and `resolved_by` are accounts, or the system."""

    incident_id: UUID
    position: int
    component: str
    severity: str
    status: str
    reading: str
    since: datetime
    opened_at: datetime
    escalations: int
    escalated_at: datetime | None
    acknowledged_at: datetime | None
    acknowledged_by: UUID | None
    acknowledged_note: str | None
    resolved_at: datetime | None
    resolved_by: UUID | None
    resolved_note: str | None


def incident(read: Database, incident_id: UUID) -> IncidentRow | None:
    """One of them, or None."""
    return one(read, IncidentRow, having(_view, IncidentRow, incident_id=incident_id))


def unresolved_incidents(read: Database) -> Sequence[IncidentRow]:
    """Those that are not over, the oldest first."""
    query = having(_view, IncidentRow).where(_view.c.status != str(IncidentStatus.RESOLVED))
    return every(read, IncidentRow, query.order_by(_view.c.position))


def incident_page(
    read: Database,
    *,
    status: str | None = None,
    component: str | None = None,
    severity: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[IncidentRow]:
    """The newest first.

    Raises:
        BadCursor: the cursor is not from this list.
    """
    query = having(_view, IncidentRow, status=status, component=component, severity=severity)
    return page(read, IncidentRow, _NEWEST_FIRST, query, cursor, limit)


def incidents_between(read: Database, since: datetime, before: datetime) -> Sequence[IncidentRow]:
    """Those that were not over all of a period, whenever they were opened; the oldest first."""
    query = having(_view, IncidentRow).where(
        _view.c.opened_at < before, or_(_view.c.resolved_at.is_(None), _view.c.resolved_at >= since)
    )
    return every(read, IncidentRow, query.order_by(_view.c.position))
