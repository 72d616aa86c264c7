"""A report as the API shows it: where it stands, who decides, and what it holds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from countersign.aggregates.report.report import Issue, IssueStatus, Report
from countersign.aggregates.report.status import Status
from countersign.aggregates.role import Role
from countersign.aggregates.type_definition import SectionKind, TypeDefinition
from countersign.eventstore.databases import Database
from countersign.http.answers import Answer
from countersign.http.reports.people import People, PersonAnswer


class StageState(StrEnum):
    """How far a stage has come; `waiting` for the stages before it, or for the submission."""

    UNASSIGNED = "unassigned"
    WAITING = "waiting"
    OPEN = "open"
    SIGNED = "signed"


class StageAnswer(Answer):
    """A stage of the approval route and who decides on it."""

    stage: int
    role: Role
    title: str
    approver: PersonAnswer | None
    state: StageState
    due_at: datetime | None


class SignatureAnswer(Answer):
    """A signature that stands; stage 0 is the author's."""

    signature_id: UUID
    stage: int
    signer: UUID
    printed_name: str
    role: Role
    meaning: str
    content_digest: str
    signed_at: datetime


class SectionSummary(Answer):
    """A section; its digest is null before anything was saved, which `If-Match: "empty"` says."""

    section: str
    title: str
    kind: SectionKind
    required: bool
    digest: str | None
    row_count: int
    href: str


class IssueAnswer(Answer):
    """The document that went out."""

    rendering_id: UUID
    document_digest: str
    issue_status: IssueStatus


class ReportAnswer(Answer):
    """A report. `version` goes into `If-Match`, `content_digest` into an approval."""

    id: UUID
    version: int
    report_type: str
    type_version: int
    document_number: str
    title: str
    project_reference: str
    client_name: str
    owner: PersonAnswer
    revision: str
    status: Status
    content_digest: str
    header: dict[str, str]
    sections: list[SectionSummary]
    stages: list[StageAnswer]
    signatures: list[SignatureAnswer]
    issue: IssueAnswer | None
    created_at: datetime
    modified_at: datetime


def report_answer(report: Report, definition: TypeDefinition, read: Database) -> ReportAnswer:
    """A report at its version, with the names of its people."""
    people = People(read, {report.owner, *(each.approver for each in report.approvers)})
    return ReportAnswer(
        id=report.id,
        version=report.version,
        report_type=report.report_type,
        type_version=report.type_version,
        document_number=report.document_number,
        title=report.title,
        project_reference=report.project_reference,
        client_name=report.client_name,
        owner=people.person(report.owner),
        revision=report.revision,
        status=report.status,
        content_digest=report.current_digest,
        header=dict(report.header),
        sections=list(_sections(report, definition)),
        stages=list(_stages(report, definition, people)),
        signatures=[SignatureAnswer.model_validate(each) for each in report.signatures],
        issue=_issue(report.issue),
        created_at=report.created_on,
        modified_at=report.modified_on,
    )


def _sections(report: Report, definition: TypeDefinition) -> Iterator[SectionSummary]:
    for section in definition.contents:
        saved = report.sections.get(section.key)
        yield SectionSummary(
            section=section.key,
            title=section.title,
            kind=section.kind,
            required=section.required,
            digest=saved.digest if saved else None,
            row_count=saved.row_count if saved else 0,
            href=f"/v1/reports/{report.id}/sections/{section.key}",
        )


def _stages(report: Report, definition: TypeDefinition, people: People) -> Iterator[StageAnswer]:
    assigned = {each.stage: each.approver for each in report.approvers}
    signed = {each.stage for each in report.signatures}
    turn = report.open_stage
    for stage in definition.route:
        approver = assigned.get(stage.stage)
        is_open = turn is not None and turn.n == stage.stage
        yield StageAnswer(
            stage=stage.stage,
            role=stage.role,
            title=stage.title,
            approver=people.nobody_or(approver),
            state=_stage_state(approver, is_open=is_open, is_signed=stage.stage in signed),
            due_at=turn.due_at if turn is not None and is_open else None,
        )


def _stage_state(approver: UUID | None, *, is_open: bool, is_signed: bool) -> StageState:
    if approver is None:
        return StageState.UNASSIGNED
    if is_signed:
        return StageState.SIGNED
    return StageState.OPEN if is_open else StageState.WAITING


def _issue(issue: Issue | None) -> IssueAnswer | None:
    return None if issue is None else IssueAnswer.model_validate(issue)
