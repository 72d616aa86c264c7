"""Which reports are kept until when, what holds them, and what is theirs alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, func, select

from countersign.aggregates.report.standing import Standing
from countersign.eventstore.databases import Database
from countersign.projections.keyset import Keyset, Page
from countersign.projections.projection import view_of
from countersign.projections.reading import having, one, page
from countersign.projections.reports.retention_due import contents, holds, retention

_view: Final = view_of(retention)
_holds: Final = view_of(holds)
_contents: Final = view_of(contents)
_BY_DATE: Final = Keyset("retention_until", (_view.c.retention_until, _view.c.report_id))
_BY_PLACING: Final = Keyset("placed_at", (_holds.c.placed_at, _holds.c.report_id, _holds.c.matter))


@dataclass(frozen=True, slots=True)
class RetentionRow:
    """How a report is kept; `destroyed_at` follows on `disposed_at` when its contents have gone."""

    report_id: UUID
    document_number: str
    report_type: str
    standing: str
    issued_at: datetime | None
    policy_version: int | None
    retention_until: datetime | None
    holds: int
    proposed_by: UUID | None
    proposed_at: datetime | None
    approved_by: UUID | None
    disposed_at: datetime | None
    tombstone_digest: str | None
    destroyed_at: datetime | None


@dataclass(frozen=True, slots=True)
class HoldRow:
    """A matter for which a report is kept."""

    report_id: UUID
    matter: str
    reason: str
    placed_by: UUID
    placed_at: datetime


@dataclass(frozen=True, slots=True)
class Due:
    """Archived reports whose time is over: of those that are not `held` some wait for a second person."""

    due: int
    held: int
    proposed: int
    approved: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """Reports that could be proposed for disposition; `newest` is since when the last of them has waited.

    `first` names those whose time ended first, with its end.
    """

    count: int
    newest: datetime
    first: tuple[tuple[str, datetime], ...]


@dataclass(frozen=True, slots=True)
class OwnContents:
    """The stored contents of a report: `own`, and those that another report has too."""

    own: tuple[str, ...]
    shared: tuple[str, ...]


def retention_of(read: Database, report_id: UUID) -> RetentionRow | None:
    """How one report is kept."""
    return one(read, RetentionRow, having(_view, RetentionRow, report_id=report_id))


def archived_page(
    read: Database,
    *,
    until: datetime | None = None,
    standing: str = Standing.ARCHIVED,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[RetentionRow]:
    """Reports of the archive, or tombstones, those first whose time ends first; `until`: ended by then.

    Raises:
        BadCursor: the cursor is not from this list.
    """
    query = having(_view, RetentionRow, standing=standing).where(_view.c.retention_until.is_not(None))
    if until is not None:
        query = query.where(_view.c.retention_until <= until)
    return page(read, RetentionRow, _BY_DATE, query, cursor, limit)


def hold_page(
    read: Database, *, report_id: UUID | None = None, cursor: str | None = None, limit: int = 50
) -> Page[HoldRow]:
    """Legal holds in force, the oldest first.

    Raises:
        BadCursor: the cursor is not from this list.
    """
    return page(read, HoldRow, _BY_PLACING, having(_holds, HoldRow, report_id=report_id), cursor, limit)


def due_at(read: Database, now: datetime) -> Due:
    """How many reports could be disposed of by now, and how far that has come."""
    over = (_view.c.standing == Standing.ARCHIVED, _view.c.retention_until <= now)
    query = select(
        func.count(),
        func.count().filter(_view.c.holds > 0),
        func.count().filter(_view.c.proposed_by.is_not(None)),
        func.count().filter(_view.c.approved_by.is_not(None)),
    ).where(*over)
    with read.read() as connection:
        return Due(*connection.execute(query).one())


def waiting_for_proposal(read: Database, now: datetime, named: int = 20) -> Waiting | None:
    """Reports whose time is over, that nothing holds and nobody has proposed; None when there are none."""
    waits = (
        _view.c.standing == Standing.ARCHIVED,
        _view.c.retention_until <= now,
        _view.c.holds == 0,
        _view.c.proposed_by.is_(None),
    )
    query = select(func.count(), func.max(_view.c.retention_until), func.max(_view.c.modified_at))
    by_date = select(_view.c.document_number, _view.c.retention_until).order_by(*_BY_DATE.columns)
    with read.read() as connection:
        count, ended, modified = connection.execute(query.where(*waits)).one()
        first = connection.execute(by_date.where(*waits).limit(named)).all()
    # A hold that was released, or a proposal that was declined, has one wait from then on.
    return Waiting(count, max(ended, modified), tuple(map(tuple, first))) if count else None


def left_over(read: Database) -> tuple[UUID, ...]:
    """Disposed reports of which something is stored still: what was under way when they were disposed of."""
    query = select(_view.c.report_id).where(
        _view.c.standing == Standing.DISPOSED,
        select(1).where(_contents.c.report_id == _view.c.report_id).exists(),
    )
    with read.read() as connection:
        return tuple(connection.execute(query.order_by(_view.c.report_id)).scalars())


def contents_of(read: Database, report_id: UUID) -> OwnContents:
    """Which stored contents are a report's own, and which a report that is kept has too."""
    own, others = _contents, _contents.alias("others")
    kept = (
        select(1)
        .select_from(others.join(_view, _view.c.report_id == others.c.report_id))
        .where(others.c.digest == own.c.digest, others.c.report_id != report_id, _is_kept())
    )
    query: Select[Any] = select(own.c.digest, kept.exists()).where(own.c.report_id == report_id)
    with read.read() as connection:
        found = connection.execute(query.order_by(own.c.digest)).all()
    return OwnContents(
        own=tuple(digest for digest, shared in found if not shared),
        shared=tuple(digest for digest, shared in found if shared),
    )


def _is_kept() -> Any:
    return _view.c.standing != Standing.DISPOSED
