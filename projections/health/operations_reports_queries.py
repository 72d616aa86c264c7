"""Lists the reports on operations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from countersign.eventstore.databases import Database
from countersign.projections.health.operations_reports import reports
from countersign.projections.keyset import Keyset, Page
from countersign.projections.projection import view_of
from countersign.projections.reading import having, page

_view: Final = view_of(reports)
_NEWEST_FIRST: Final = Keyset("position", (_view.c.position,), descending=True)


@dataclass(frozen=True, slots=True)
class OperationsReportRow:
    """One of them; `files` are `{format, size_bytes}`."""

    report_id: UUID
    position: int
    period: str
    begins: datetime
    ends: datetime
    made_at: datetime
    files: Sequence[Mapping[str, Any]]


def operations_report_page(
    read: Database, *, period: str | None = None, cursor: str | None = None, limit: int = 50
) -> Page[OperationsReportRow]:
    """The newest first.

    Raises:
        BadCursor: the cursor is not from this list.
    """
    query = having(_view, OperationsReportRow, period=period)
    return page(read, OperationsReportRow, _NEWEST_FIRST, query, cursor, limit)
