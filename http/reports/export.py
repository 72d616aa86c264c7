"""The register of reports as a file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from falcon import Request, Response

from countersign.eventstore.databases import Database
from countersign.http.comma_separated import MEDIA_CSV, send_csv
from countersign.http.endpoints import query
from countersign.http.past.moments import AsOf, Moment
from countersign.http.past.past import Past
from countersign.http.problems import Refusal
from countersign.http.reports.people import People
from countersign.http.reports.reports import ReportFilter
from countersign.http.reports.visibility import whose_reports
from countersign.http.services import Services
from countersign.projections.reports.report_register_queries import ReportRow, Wanted, reports

MOST_EXPORTED: Final = 50_000
_AT_ONCE: Final = 1000
_COLUMNS: Final = (
    "id",
    "document_number",
    "title",
    "report_type",
    "project_reference",
    "client_name",
    "owner",
    "owner_name",
    "revision",
    "status",
    "stage",
    "waiting_for",
    "waiting_for_name",
    "due_at",
    "latest_issued_revision",
    "created_at",
    "modified_at",
    "passed",
    "failed",
    "not_applicable",
    "not_tested",
    "stale",
)


class ReportsExported(ReportFilter, AsOf):
    """Which reports, in the order in which they were begun; some spreadsheets know UTF-8 only by a `bom`."""

    as_of: Moment | None = None
    bom: bool = False


class ReportExport:
    """`GET /v1/reports/export`."""

    def __init__(self, services: Services, past: Past) -> None:
        self._services = services
        self._past = past

    @query("Reports", reads=("report_register",), media=(MEDIA_CSV,), refusals=(403,))
    def on_get(self, req: Request, resp: Response, query: ReportsExported) -> None:
        """Download the reports that one may see as CSV, as they are now or as they were."""
        only = whose_reports(req.context.claims, "ExportReports")
        mine = only is None or query.owner in (None, only)
        with self._past.tables(req, resp, query, "report_register") as then:
            rows = _rows(then.read, query.wanted(only)) if mine else iter(())
            lines = self._lines(req, rows)
            send_csv(resp, "countersign-reports.csv", _COLUMNS, lines, bom=query.bom)

    def _lines(self, req: Request, pages: Iterator[tuple[ReportRow, ...]]) -> Iterator[list[Any]]:
        for page in pages:
            people = People(
                self._services.read, (each for row in page for each in (row.owner, row.waiting_for))
            )
            for row in page:
                stale = req.context.stale_keys.concern(row.report_id)
                yield [_cell(row, column, people, stale=stale) for column in _COLUMNS]


def _rows(read: Database, wanted: Wanted) -> Iterator[tuple[ReportRow, ...]]:
    cursor, count = None, 0
    while True:
        page = reports(read, wanted, sort="created_at", cursor=cursor, limit=_AT_ONCE)
        count += len(page.rows)
        if count > MOST_EXPORTED:
            raise Refusal(
                422,
                "export_too_large",
                f"these are more than {MOST_EXPORTED} reports: narrow them down by type, client or project",
            )
        yield page.rows
        if (cursor := page.next_cursor) is None:
            return


def _cell(row: ReportRow, column: str, people: People, *, stale: bool) -> Any:
    match column:
        case "id":
            return row.report_id
        case "owner_name":
            return people.person(row.owner).name
        case "waiting_for_name":
            return None if row.waiting_for is None else people.person(row.waiting_for).name
        case "stale":
            return stale
        case _:
            return getattr(row, column)
