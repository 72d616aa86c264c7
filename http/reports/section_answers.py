"""A section as the API shows it, and what is answered when it was changed."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from falcon import Request, Response
from pydantic import WithJsonSchema

from countersign.aggregates.report.report import Report
from countersign.aggregates.type_definition import SectionKind
from countersign.http.answers import Answer
from countersign.http.calls import answer_receipt, as_left
from countersign.http.preconditions import tag_digest
from countersign.http.reports.report_commands import dispatch_on
from countersign.http.services import Services

_FIELDS = {"type": "object", "additionalProperties": {"type": "string"}}

Content = Annotated[
    Any,
    WithJsonSchema(
        {
            "title": "Content",
            "description": "Rows, each with its `id`, or fields; see `content_schema` of the report type.",
            "anyOf": [{"type": "array", "items": _FIELDS}, _FIELDS],
        }
    ),
]
"""What a section holds. Its shape is the report type's affair, so the domain checks it, cell by cell."""


class SectionAnswer(Answer):
    """A section with its content; the digest is null before anything was saved."""

    report_id: UUID
    report_version: int
    section: str
    title: str
    kind: SectionKind
    revision: str
    digest: str | None
    row_count: int
    content: Content


class SectionState(Answer):
    """A section after a change; its new digest goes into the next `If-Match`."""

    report_id: UUID
    report_version: int
    section: str
    digest: str | None
    row_count: int


def change_section(
    services: Services, req: Request, resp: Response, report_id: UUID, command: Any
) -> SectionState:
    """Give a command on the section that it names, and answer with what it has left.

    Raises:
        NotFound: for a report that the caller may neither change nor see.
        DomainError: as the command says.
    """
    receipt = dispatch_on(services, req, report_id, command)
    report = as_left(services.aggregates, Report, report_id, receipt)
    saved = report.sections.get(command.section)
    answer_receipt(resp, receipt)
    tag_digest(resp, saved.digest if saved else None)
    return SectionState(
        report_id=report_id,
        report_version=report.version,
        section=command.section,
        digest=saved.digest if saved else None,
        row_count=saved.row_count if saved else 0,
    )
