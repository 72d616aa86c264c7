"""The kinds of reports there are."""

from __future__ import annotations

from collections.abc import Iterator

from falcon import Request, Response

from countersign.aggregates.report_type import ReportType, report_type_id
from countersign.eventstore.store import NotFound
from countersign.http.answers import Answer
from countersign.http.endpoints import query
from countersign.http.report_types.type_answer import ReportTypeAnswer, type_answer
from countersign.http.services import Services
from countersign.projections.audit.audit_log_queries import Sought, audit_entries


class ReportTypeSummary(Answer):
    """A kind of report by name."""

    slug: str
    title: str
    type_version: int


class ReportTypesAnswer(Answer):
    """Every kind of report, by slug."""

    items: list[ReportTypeSummary]


class ReportTypes:
    """`GET /v1/report-types`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @query("Report types", reads=("audit_log",))
    def on_get(self, _req: Request, _resp: Response) -> ReportTypesAnswer:
        """List the kinds of reports."""
        found = sorted(self._defined(), key=lambda each: each.slug)
        return ReportTypesAnswer(items=[ReportTypeSummary.model_validate(each) for each in found])

    def _defined(self) -> Iterator[ReportType]:
        sought = Sought(action=ReportType.Created.TOPIC)
        for entry in audit_entries(self._services.read, sought, limit=200).rows:
            report_type = self._services.aggregates.find(ReportType, entry.stream)
            if report_type is not None:
                yield report_type


class OneReportType:
    """`GET /v1/report-types/{slug}`."""

    def __init__(self, services: Services) -> None:
        self._aggregates = services.aggregates

    @query("Report types", refusals=(404,))
    def on_get(self, _req: Request, _resp: Response, slug: str) -> ReportTypeAnswer:
        """Show what reports of a kind hold, as the newest version has it: sections, columns, route."""
        report_type = self._aggregates.find(ReportType, report_type_id(slug))
        if report_type is None:
            raise NotFound(f"there is no report type called {slug}")
        return type_answer(report_type)
