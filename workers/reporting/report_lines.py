"""What a schedule tells of the reports that it has found: a CSV file, and what to say of it in a mail."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from countersign.aggregates.report.status import Status
from countersign.projections.reports.report_register_queries import ReportRow
from countersign.projections.spreadsheet_cells import line
from countersign.workers.reporting.finding import is_overdue

MOST_ROWS: Final = 50_000
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


def told_of(rows: Sequence[ReportRow], now: datetime) -> Told:
    """The file about these reports, and the lines about all of them."""
    kept = rows[:MOST_ROWS]
    lines = (line([getattr(row, column) for column in _COLUMNS]) for row in kept)
    csv = "".join((_BYTE_ORDER_MARK, line(_COLUMNS), *lines)).encode()
    return Told(csv, len(kept), _text(rows, now))


def _text(found: Sequence[ReportRow], now: datetime) -> str:
    overdue = sum(is_overdue(row, now) for row in found)
    head = f"{_counted(len(found))}, {overdue} overdue" if overdue else _counted(len(found))
    if len(found) > MOST_ROWS:
        head += f"; the file has the first {MOST_ROWS}"
    by_status = Counter(Status(row.status).spoken for row in found)
    return "\n".join((head, *(f"  {status}: {count}" for status, count in sorted(by_status.items()))))


def _counted(number: int) -> str:
    return "1 report" if number == 1 else f"{number} reports"
