"""The reports that a schedule tells of, as one reader may see them: CSV, and what to say of it in a mail."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from countersign.aggregates.report.status import Status
from countersign.aggregates.schedule.report_query import ReportQuery
from countersign.eventstore.databases import Database
from countersign.projections.reports.report_register_queries import ReportRow, Wanted, reports
from countersign.projections.spreadsheet_cells import line

MOST_ROWS: Final = 50_000
_AT_ONCE: Final = 1000
_BYTE_ORDER_MARK: Final = "\ufeff"  # some spreadsheets know UTF-8 only by it
_COLUMNS: Final = (
    "document_number",
    "title",
    "report_type",
    "project_reference",
    "client_name",
    "revision",
    "status",
    "stage",
    "due_at",
    "latest_issued_revision",
    "created_at",
    "modified_at",
    "passed",
    "failed",
    "not_applicable",
    "not_tested",
)
"""Nothing about people: the file is kept as it is."""


@dataclass(frozen=True, slots=True)
class Told:
    """What was found: the file, how many rows it has, and a few lines about it."""

    csv: bytes
    rows: int
    text: str


def tell_of_reports(
    read: Database, query: ReportQuery, only: UUID | None, now: datetime, go_on: Callable[[], None]
) -> Told:
    """The reports of a query, of one owner only or of all; `go_on` is asked at each page whether to."""
    if only is not None and query.owner not in (None, only):
        found: list[ReportRow] = []
    else:
        found = [row for page in _pages(read, _wanted(query, only)) for row in _kept(page, query, now, go_on)]
    rows = found[:MOST_ROWS]
    lines = (line([getattr(row, column) for column in _COLUMNS]) for row in rows)
    csv = "".join((_BYTE_ORDER_MARK, line(_COLUMNS), *lines)).encode()
    return Told(csv, len(rows), _text(found, now))


def _pages(read: Database, wanted: Wanted) -> Iterator[tuple[ReportRow, ...]]:
    cursor = None
    while True:
        page = reports(read, wanted, sort="created_at", cursor=cursor, limit=_AT_ONCE)
        yield page.rows
        if (cursor := page.next_cursor) is None:
            return


def _wanted(query: ReportQuery, only: UUID | None) -> Wanted:
    return Wanted(
        status=query.status,
        report_type=query.report_type,
        client_name=query.client_name,
        project_reference=query.project_reference,
        owner=only or query.owner,
        text=query.text,
    )


def _kept(
    page: tuple[ReportRow, ...], query: ReportQuery, now: datetime, go_on: Callable[[], None]
) -> Iterator[ReportRow]:
    go_on()
    return (row for row in page if not query.overdue or _is_overdue(row, now))


def _is_overdue(row: ReportRow, now: datetime) -> bool:
    return row.due_at is not None and row.due_at < now


def _text(found: list[ReportRow], now: datetime) -> str:
    overdue = sum(_is_overdue(row, now) for row in found)
    head = f"{_counted(len(found))}, {overdue} overdue" if overdue else _counted(len(found))
    if len(found) > MOST_ROWS:
        head += f"; the file has the first {MOST_ROWS}"
    by_status = Counter(Status(row.status).spoken for row in found)
    return "\n".join((head, *(f"  {status}: {count}" for status, count in sorted(by_status.items()))))


def _counted(number: int) -> str:
    return "1 report" if number == 1 else f"{number} reports"
