"""Finds the reports that a schedule tells of, as one reader may see them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from countersign.aggregates.schedule.report_query import ReportQuery
from countersign.aggregates.sought import Sought
from countersign.eventstore.databases import Database
from countersign.projections.reports.report_register_queries import (
    ReportRow,
    Wanted,
    reports,
    reports_with_ids,
)
from countersign.projections.search.report_search_queries import found_ids

_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Finding:
    """What is looked for: by a search, or without one by a query; each page asks `go_on` whether to."""

    read: Database
    query: ReportQuery
    sought: Sought | None
    now: datetime
    go_on: Callable[[], None]

    def reports(self, only: UUID | None) -> Sequence[ReportRow]:
        """The reports of one owner only, or of all."""
        owner = self.query.owner if self.sought is None else self.sought.owner
        if only is not None and owner not in (None, only):
            return ()
        pages = self._listed(only) if self.sought is None else self._searched(self.sought, only)
        return tuple(row for page in self._asking(pages) for row in page if self._is_wanted(row))

    def _asking(self, pages: Iterator[Sequence[ReportRow]]) -> Iterator[Sequence[ReportRow]]:
        for page in pages:
            self.go_on()
            yield page

    def _is_wanted(self, row: ReportRow) -> bool:
        return not self.query.overdue or is_overdue(row, self.now)

    def _searched(self, sought: Sought, only: UUID | None) -> Iterator[Sequence[ReportRow]]:
        ids = found_ids(self.read, replace(sought, owner=only or sought.owner))
        for first in range(0, len(ids), _AT_ONCE):
            yield reports_with_ids(self.read, ids[first : first + _AT_ONCE])

    def _listed(self, only: UUID | None) -> Iterator[Sequence[ReportRow]]:
        cursor, wanted = None, _wanted(self.query, only)
        while True:
            page = reports(self.read, wanted, sort="created_at", cursor=cursor, limit=_AT_ONCE)
            yield page.rows
            if (cursor := page.next_cursor) is None:
                return


def is_overdue(row: ReportRow, now: datetime) -> bool:
    """Whether its stage was not decided in time."""
    return row.due_at is not None and row.due_at < now


def _wanted(query: ReportQuery, only: UUID | None) -> Wanted:
    return Wanted(
        status=query.status,
        report_type=query.report_type,
        client_name=query.client_name,
        project_reference=query.project_reference,
        owner=only or query.owner,
        text=query.text,
    )
