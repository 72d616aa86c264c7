"""The result of one test."""

from __future__ import annotations

from uuid import UUID

from falcon import Request, Response

from countersign.commands.report.record_test_result import RecordTestResult
from countersign.http.bodies import Form
from countersign.http.endpoints import command
from countersign.http.fields import Key, Line, Text
from countersign.http.preconditions import expected_digest
from countersign.http.reports.section_answers import SectionState, change_section
from countersign.http.services import Services


class ResultForm(Form):
    """How a test went: `pass`, `fail` (with a comment), `na` (with a reason as comment) or `not_tested`."""

    result: Key
    comment: Text = ""
    verified_by: Line = ""
    measured: Line = ""
    unit: Line = ""


class ResultOfRow:
    """`POST /v1/reports/{report_id}/sections/{section}/rows/{row_id}/result`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @command("Sections", if_match="section", refusals=(403, 404, 409))
    def on_post(
        self, req: Request, resp: Response, report_id: UUID, section: str, row_id: str, form: ResultForm
    ) -> SectionState:
        """Record the result of one test of a draft."""
        wanted = RecordTestResult(
            report_id=report_id,
            section=section,
            row_id=row_id,
            result=form.result,
            comment=form.comment,
            verified_by=form.verified_by,
            measured=form.measured,
            unit=form.unit,
            expected_digest=expected_digest(req),
        )
        return change_section(self._services, req, resp, report_id, wanted)
