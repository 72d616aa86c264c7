"""Rows from a table that somebody has: CSV."""

from __future__ import annotations

from typing import Annotated, ClassVar, Final, Self, cast
from uuid import UUID

from falcon import Request, Response
from pydantic import Field

from countersign.aggregates.report.csv_rows import headings_of
from countersign.aggregates.report.report import Report
from countersign.aggregates.type_definition import Section
from countersign.commands.report.import_rows import ImportRows
from countersign.http.answers import Answer
from countersign.http.bodies import Form, media_type_of, require_printable, text_body
from countersign.http.endpoints import command
from countersign.http.fields import Key
from countersign.http.preconditions import expected_digest
from countersign.http.problems import Refusal
from countersign.http.reports.definitions import definition_of
from countersign.http.reports.section_answers import SectionState, change_section
from countersign.http.reports.visibility import visible_report
from countersign.http.services import Services

CSV: Final = "text/csv"


class ImportForm(Form):
    """A CSV text with a line of headings; `mapping` says which heading goes to which column.

    Without a mapping every heading must be a column's key or title. A body of text/csv is such a text.
    """

    MAX_BYTES: ClassVar[int | None] = None
    csv: Annotated[str, Field(min_length=1)]
    mapping: Annotated[dict[str, Key], Field(min_length=1, max_length=100)] | None = None

    @classmethod
    def read(cls, req: Request) -> Self:
        """The body of a request, of either media type."""
        if media_type_of(req) != CSV:
            return super().read(req)
        text = text_body(req, CSV)
        require_printable(text)
        return cls(csv=text)


class RejectedLine(Answer):
    """A line that was not taken, counted from 1 with the line of headings, and why."""

    line: int
    reason: str


class ImportAnswer(SectionState):
    """What became of an import. Of the rejected lines the first 200 are listed."""

    accepted: int
    rejected_count: int
    rejected: list[RejectedLine]


class RowImport:
    """`POST /v1/reports/{report_id}/sections/{section}/import`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @command("Sections", if_match="section", refusals=(403, 404, 409), takes=(CSV,))
    def on_post(
        self, req: Request, resp: Response, report_id: UUID, section: str, form: ImportForm
    ) -> ImportAnswer:
        """Add the rows of a CSV text to a section of a draft; lines that do not fit are named, not taken."""
        services = self._services
        wanted = ImportRows(
            report_id=report_id,
            section=section,
            csv=form.csv,
            mapping=form.mapping or self._mapping(req, report_id, section, form.csv),
            expected_digest=expected_digest(req),
        )
        state = change_section(services, req, resp, report_id, wanted)
        events = services.aggregates.event_store.get(
            report_id, gt=state.report_version - 1, lte=state.report_version
        )
        imported = cast("Report.RowsImported", next(iter(events)))
        return ImportAnswer(
            **state.model_dump(),
            accepted=imported.accepted,
            rejected_count=imported.rejected_count,
            rejected=[RejectedLine.model_validate(each) for each in imported.rejected],
        )

    def _mapping(self, req: Request, report_id: UUID, section: str, text: str) -> dict[str, str]:
        services = self._services
        services.sessions.current(req.context.claims, services.clock())
        report = visible_report(services.aggregates, req.context.claims, report_id)
        return _by_heading(definition_of(report, services.aggregates).section(section), text)


def _by_heading(section: Section, text: str) -> dict[str, str]:
    spoken = {
        name.casefold(): column.key for column in section.columns for name in (column.title, column.key)
    }
    headings = headings_of(text)
    unknown = [heading for heading in headings if heading.strip().casefold() not in spoken]
    if unknown:
        known = ", ".join(section.column_keys)
        faults = [("/csv/1", f"{heading[:60]!r} is no column") for heading in unknown[:20]]
        raise Refusal(422, "unknown_heading", f"send a mapping as JSON, or use the headings {known}", faults)
    return {heading: spoken[heading.strip().casefold()] for heading in headings}
