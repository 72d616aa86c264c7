"""One report, and its header."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from falcon import Request, Response
from pydantic import Field

from countersign.commands.report.edit_header import EditHeader
from countersign.http.bodies import Form
from countersign.http.endpoints import command, query
from countersign.http.fields import Key, Line
from countersign.http.past.moments import AsOf
from countersign.http.past.past import Past
from countersign.http.preconditions import expected_version, tag_version
from countersign.http.reports.definitions import definition_of
from countersign.http.reports.report_answer import ReportAnswer, report_answer
from countersign.http.reports.report_commands import ReportState, change_report
from countersign.http.reports.visibility import visible_report
from countersign.http.services import Services


class HeaderChanges(Form):
    """The fields of the header that change, with their new values."""

    changes: Annotated[dict[Key, Line], Field(min_length=1, max_length=50)]


class OneReport:
    """`/v1/reports/{report_id}`."""

    def __init__(self, services: Services, past: Past) -> None:
        self._services = services
        self._past = past

    @query("Reports")
    def on_get(self, req: Request, resp: Response, report_id: UUID, query: AsOf) -> ReportAnswer:
        """Show a report, as it is now or as it was."""
        services = self._services
        current = visible_report(services.aggregates, req.context.claims, report_id)
        report = self._past.aggregate(req, resp, query, current)
        tag_version(resp, report.version)
        return report_answer(report, definition_of(report, services.aggregates), services.read)

    @command("Reports", if_match="report", refusals=(403, 409))
    def on_patch(self, req: Request, resp: Response, report_id: UUID, form: HeaderChanges) -> ReportState:
        """Change fields of the header of a draft."""
        wanted = EditHeader(report_id=report_id, expected_version=expected_version(req), changes=form.changes)
        return change_report(self._services, req, resp, report_id, wanted)
