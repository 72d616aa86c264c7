"""A report type as the API shows it: what a client needs in order to build its forms."""

from __future__ import annotations

from typing import Any

from countersign.aggregates.report_type import ReportType
from countersign.aggregates.role import Role
from countersign.aggregates.type_definition import ColumnType, SectionKind
from countersign.http.answers import Answer
from countersign.http.report_types.content_schema import content_schema


class ColumnAnswer(Answer):
    """A column of a section. Every value is text; `type` says what it must read as."""

    key: str
    title: str
    type: ColumnType
    required: bool
    max_length: int | None


class SectionSchema(Answer):
    """A section. `content_schema` is the JSON Schema of what is put there."""

    key: str
    title: str
    kind: SectionKind
    required: bool
    mandatory_results: bool
    images: bool
    columns: list[ColumnAnswer]
    content_schema: dict[str, Any]


class RouteStageAnswer(Answer):
    """A stage of the approval route, and how many hours it may take.

    Its approver is reminded `reminder_hours` before its end; those in the role `escalate_to`, or without one
    the administrators, hear of it when it is overdue.
    """

    stage: int
    role: Role
    title: str
    sla_hours: int
    reminder_hours: list[int]
    escalate_to: Role | None


class ReportTypeAnswer(Answer):
    """A kind of report. `results` are the words of a test result, and how a document prints them."""

    slug: str
    title: str
    type_version: int
    description: str
    standards: list[str]
    related_types: list[str]
    template: str
    max_rows: int
    results: dict[str, str]
    route: list[RouteStageAnswer]
    sections: list[SectionSchema]


def type_answer(report_type: ReportType) -> ReportTypeAnswer:
    """The version of a type that new reports follow."""
    definition, spelled = report_type.at_version(report_type.type_version), report_type.definition
    sections = [
        SectionSchema(
            key=section.key,
            title=section.title,
            kind=section.kind,
            required=section.required,
            mandatory_results=section.mandatory_results,
            images=section.images,
            columns=[ColumnAnswer.model_validate(column) for column in section.columns],
            content_schema=content_schema(section, definition),
        )
        for section in definition.sections
    ]
    return ReportTypeAnswer(
        slug=report_type.slug,
        title=report_type.title,
        type_version=report_type.type_version,
        description=spelled.get("description", ""),
        standards=spelled.get("standards", []),
        related_types=spelled.get("related_types", []),
        template=definition.template_slug,
        max_rows=definition.max_rows,
        results=dict(definition.results),
        route=[RouteStageAnswer.model_validate(stage) for stage in definition.route],
        sections=sections,
    )
