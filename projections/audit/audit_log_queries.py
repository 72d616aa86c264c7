"""Reads the audit log, and tells one report's story."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select

from countersign.eventstore.databases import Database
from countersign.projections.audit.audit_log import entries
from countersign.projections.keyset import Keyset, Page
from countersign.projections.projection import view_of
from countersign.projections.reading import having, page

_view: Final = view_of(entries)
_NEWEST_FIRST: Final = Keyset("position", (_view.c.position,), descending=True)
_AS_IT_HAPPENED: Final = Keyset("position", (_view.c.position,))


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One event; `action` is its topic, `actor` a person's id, or the system's."""

    position: int
    event_id: UUID
    recorded_at: datetime
    decided_at: datetime
    actor: UUID
    on_behalf_of: UUID | None
    action: str
    stream: UUID
    version: int
    report_id: UUID | None
    correlation: str
    causation: UUID | None
    command: str
    summary: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """Which entries; what is None does not matter. `since` and `before` are times of recording."""

    actor: UUID | None = None
    action: str | None = None
    report_id: UUID | None = None
    correlation: str | None = None
    since: datetime | None = None
    before: datetime | None = None
    after_position: int | None = None


def audit_entries(
    read: Database, sought: Sought = Sought(), *, cursor: str | None = None, limit: int = 50
) -> Page[AuditEntry]:
    """The newest entries first.

    Raises:
        BadCursor: the cursor is not from this list.
    """
    return page(read, AuditEntry, _NEWEST_FIRST, _matching(sought), cursor, limit)


def timeline(
    read: Database, report_id: UUID, *, cursor: str | None = None, limit: int = 500
) -> Page[AuditEntry]:
    """What happened to a report, its documents and its mails, from the beginning.

    Raises:
        BadCursor: the cursor is not from this list.
    """
    return page(read, AuditEntry, _AS_IT_HAPPENED, _matching(Sought(report_id=report_id)), cursor, limit)


def _matching(sought: Sought) -> Select[Any]:
    query = having(
        _view,
        AuditEntry,
        actor=sought.actor,
        action=sought.action,
        report_id=sought.report_id,
        correlation=sought.correlation,
    )
    if sought.since is not None:
        query = query.where(_view.c.recorded_at >= sought.since)
    if sought.before is not None:
        query = query.where(_view.c.recorded_at < sought.before)
    if sought.after_position is not None:
        query = query.where(_view.c.position > sought.after_position)
    return query
