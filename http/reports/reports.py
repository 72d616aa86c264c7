"""All reports, and beginning one."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from falcon import Request, Response
from pydantic import Field, StringConstraints

from countersign.aggregates.report.status import Status
from countersign.commands.report.create_report import CreateReport
from countersign.http.answers import Answer
from countersign.http.bodies import Form
from countersign.http.calls import call_of
from countersign.http.endpoints import command, query
from countersign.http.fields import Key, Line
from countersign.http.parameters import Parameters
from countersign.http.past.moments import AsOfPaging
from countersign.http.past.past import Past
from countersign.http.reports.people import People, PersonAnswer
from countersign.http.reports.report_commands import ReportState, answer_state
from countersign.http.reports.visibility import whose_reports
from countersign.http.services import Services
from countersign.http.staleness import Item
from countersign.projections.reports.report_register_queries import ReportRow, Wanted, reports


class NewReport(Form):
    """What a report begins with: its type, and at least the title in its header.

    Without `document_number` the header's `document_reference` is reserved; without that, a number is made.
    """

    report_type: Key = Field(examples=["SAT"])
    document_number: Annotated[str, StringConstraints(min_length=1, max_length=100)] | None = None
    header: Annotated[dict[Key, Line], Field(max_length=50)]


class ReportFilter(Parameters):
    """Which reports; `text` is a part of the number or the title."""

    status: Status | None = None
    report_type: Key | None = None
    client_name: Line | None = None
    project_reference: Line | None = None
    owner: UUID | None = None
    text: Annotated[str, StringConstraints(min_length=1, max_length=100)] | None = None

    def wanted(self, only: UUID | None) -> Wanted:
        """What is looked for, of one owner's reports or of all."""
        return Wanted(
            status=self.status,
            report_type=self.report_type,
            client_name=self.client_name,
            project_reference=self.project_reference,
            owner=only or self.owner,
            text=self.text,
        )


class ReportsWanted(ReportFilter, AsOfPaging):
    """Which reports, in which order; a minus before `sort` turns it round.

    `text` is a part of the number or the title. With `as_of` the list is that of then: `position:1234`, or a
    time with its zone.
    """

    sort: Annotated[str, Field(max_length=40, examples=["-modified_at", "due_at"])] = "-modified_at"


class ReportSummary(Item):
    """A report as lists show it. The counts are of test rows."""

    HANGS_ON = ("id",)
    id: UUID
    version: int
    document_number: str
    title: str
    report_type: str
    project_reference: str
    client_name: str
    owner: PersonAnswer
    revision: str
    status: Status
    stage: int | None
    waiting_for: PersonAnswer | None
    due_at: datetime | None
    latest_issued_revision: str | None
    created_at: datetime
    modified_at: datetime
    passed: int
    failed: int
    not_applicable: int
    not_tested: int


class ReportsAnswer(Answer):
    """A page of reports."""

    items: list[ReportSummary]
    next_cursor: str | None


class Reports:
    """`/v1/reports`."""

    def __init__(self, services: Services, past: Past) -> None:
        self._services = services
        self._past = past

    @query("Reports", reads=("report_register",), refusals=(403,))
    def on_get(self, req: Request, resp: Response, query: ReportsWanted) -> ReportsAnswer:
        """List the reports that one may see, as they are now or as they were."""
        only = whose_reports(req.context.claims)
        if only is not None and query.owner not in (None, only):
            return ReportsAnswer(items=[], next_cursor=None)
        # Whose a report is never changes, so rows of then are the caller's own today, too.
        with self._past.tables(req, resp, query, "report_register") as then:
            page = reports(
                then.read, query.wanted(only), sort=query.sort, cursor=then.cursor, limit=query.limit
            )
        people = People(
            self._services.read, (each for row in page.rows for each in (row.owner, row.waiting_for))
        )
        return ReportsAnswer(
            items=[_summary(row, people) for row in page.rows], next_cursor=then.next_cursor(page.next_cursor)
        )

    @command("Reports", status=201, refusals=(403, 409))
    def on_post(self, req: Request, resp: Response, form: NewReport) -> ReportState:
        """Begin a report in draft, as its owner."""
        call = call_of(req)
        report_id = call.new_id("report")
        wanted = CreateReport(
            report_id=report_id,
            report_type=form.report_type,
            document_number=form.document_number,
            header=form.header,
        )
        receipt = self._services.dispatch(wanted, call.context)
        resp.location = f"/v1/reports/{report_id}"
        return answer_state(self._services, resp, report_id, receipt)


def _summary(row: ReportRow, people: People) -> ReportSummary:
    return ReportSummary(
        id=row.report_id,
        version=row.version,
        document_number=row.document_number,
        title=row.title,
        report_type=row.report_type,
        project_reference=row.project_reference,
        client_name=row.client_name,
        owner=people.person(row.owner),
        revision=row.revision,
        status=Status(row.status),
        stage=row.stage,
        waiting_for=people.nobody_or(row.waiting_for),
        due_at=row.due_at,
        latest_issued_revision=row.latest_issued_revision,
        created_at=row.created_at,
        modified_at=row.modified_at,
        passed=row.passed,
        failed=row.failed,
        not_applicable=row.not_applicable,
        not_tested=row.not_tested,
    )
