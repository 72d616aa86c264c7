"""Lists reports with filters, order and pages, and shows one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, func, literal

from countersign.aggregates.root import DomainError
from countersign.eventstore.databases import Database
from countersign.projections.columns import Instant
from countersign.projections.keyset import Keyset, Page
from countersign.projections.projection import view_of
from countersign.projections.reading import every, having, one, page
from countersign.projections.reports.report_register import register, searchable

_view: Final = view_of(register)
_NEVER: Final = literal(datetime(9999, 12, 31, tzinfo=UTC), Instant)

SORTS: Final = (
    "created_at",
    "modified_at",
    "document_number",
    "title",
    "status",
    "client_name",
    "project_reference",
    "due_at",
)
"""What a list can be sorted by; a report that is not due comes after those that are."""


class UnknownSort(DomainError):
    """The list cannot be sorted by that."""

    code = "unknown_sort"
    status = 422


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A report as lists show it.

    The counts are of test rows; `uncounted` are rows of sections so large that the log only names them.
    """

    report_id: UUID
    version: int
    document_number: str
    title: str
    report_type: str
    type_version: int
    project_reference: str
    client_name: str
    owner: UUID
    revision: str
    status: str
    stage: int | None
    waiting_for: UUID | None
    due_at: datetime | None
    content_digest: str | None
    latest_issued_revision: str | None
    created_at: datetime
    modified_at: datetime
    passed: int
    failed: int
    not_applicable: int
    not_tested: int
    uncounted: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which reports; what is None does not matter. `text` is a part of the number or the title."""

    status: str | None = None
    report_type: str | None = None
    client_name: str | None = None
    project_reference: str | None = None
    owner: UUID | None = None
    text: str | None = None


def report(read: Database, report_id: UUID) -> ReportRow | None:
    """One report, or None."""
    return one(read, ReportRow, having(_view, ReportRow, report_id=report_id))


def reports_with_ids(read: Database, ids: Sequence[UUID]) -> tuple[ReportRow, ...]:
    """Those of a few hundred that are there, in their order."""
    found = every(read, ReportRow, having(_view, ReportRow).where(_view.c.report_id.in_(ids)))
    return tuple(sorted(found, key=lambda row: ids.index(row.report_id)))


def reports(
    read: Database,
    wanted: Wanted = Wanted(),
    *,
    sort: str = "-modified_at",
    cursor: str | None = None,
    limit: int = 50,
) -> Page[ReportRow]:
    """Reports in the order of `sort`, one of `SORTS`, falling with a minus in front.

    Raises:
        UnknownSort: it is none of these.
        BadCursor: the cursor was not made by this order.
    """
    return page(read, ReportRow, _order(sort), _matching(wanted), cursor, limit)


def _matching(wanted: Wanted) -> Select[Any]:
    query = having(
        _view,
        ReportRow,
        status=wanted.status,
        report_type=wanted.report_type,
        client_name=wanted.client_name,
        project_reference=wanted.project_reference,
        owner=wanted.owner,
    )
    if wanted.text is None:
        return query
    return query.where(_view.c.searched.contains(searchable(wanted.text), autoescape=True))


def _order(sort: str) -> Keyset:
    name = sort.removeprefix("-")
    if name not in SORTS:
        raise UnknownSort(f"Reports can be sorted by {', '.join(SORTS)}.", (("/sort", "unknown"),))
    column = func.coalesce(_view.c.due_at, _NEVER) if name == "due_at" else _view.c[name]
    return Keyset(name, (column, _view.c.report_id), descending=sort.startswith("-"))
