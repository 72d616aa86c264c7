"""A small report type, the people around it, and a report at each point of its life."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from countersign.aggregates.artifact import Artifact
from countersign.aggregates.render_order import Format, Kind, RenderOrder
from countersign.aggregates.rendering import Rendering
from countersign.aggregates.report.content import resolve
from countersign.aggregates.report.recipient import Recipient
from countersign.aggregates.report.report import IssueStatus, Report
from countersign.aggregates.report.section_checks import checked_content
from countersign.aggregates.report.signature import Signer
from countersign.aggregates.report.submission import Gates
from countersign.aggregates.report.verdict import Approval, ChangeRequest
from countersign.aggregates.role import Role
from countersign.aggregates.roster import Roster
from countersign.aggregates.template import Pinned
from countersign.aggregates.type_definition import TypeDefinition

START = datetime(2026, 3, 18, 8, 0, tzinfo=UTC)
REPORT = UUID(int=100)
EVA, TOM, PIA, ADA, ODA = (UUID(int=n) for n in range(1, 6))
ROLES = {
    EVA: Role.ENGINEER,
    TOM: Role.TECHNICAL_MANAGER,
    PIA: Role.PROJECT_MANAGER,
    ADA: Role.ADMINISTRATOR,
    ODA: Role.TECHNICAL_MANAGER,
}
TEMPLATE = Pinned(template=UUID(int=200), template_version=1, digest="t" * 64)
REASON = "The tag of the first signal is wrong"

_TEXT = {"type": "text", "max_length": 40}
SPELLED: dict[str, Any] = {
    "type": "MINI",
    "version": 1,
    "title": "Small Acceptance Test",
    "template": "mini.docx",
    "max_rows": 5,
    "route": [
        {"stage": 1, "role": "technical_manager", "title": "Technical Manager"},
        {"stage": 2, "role": "project_manager", "title": "Project Manager", "sla_hours": 24},
    ],
    "results": {"pass": "PASS", "fail": "FAIL", "na": "N/A", "not_tested": "Not tested"},
    "sections": [
        {
            "key": "header",
            "title": "Document",
            "kind": "fields",
            "required": True,
            "columns": [
                {"key": "document_title", "title": "Title", "required": True, **_TEXT},
                {"key": "project_reference", "title": "Project", "required": True, **_TEXT},
                {"key": "document_reference", "title": "Number", "required": True, **_TEXT},
                {"key": "date", "title": "Date", "type": "date", "required": True},
                {"key": "client_name", "title": "Client", **_TEXT},
                {"key": "revision", "title": "Revision", **_TEXT},
            ],
        },
        {
            "key": "purpose",
            "title": "Purpose",
            "kind": "text",
            "required": True,
            "columns": [
                {"key": "text", "title": "Purpose", "type": "multiline", "required": True, "max_length": 200}
            ],
        },
        {
            "key": "signals",
            "title": "Signals",
            "kind": "rows",
            "required": True,
            "mandatory_results": True,
            "columns": [
                {"key": "tag", "title": "Tag", "required": True, **_TEXT},
                {"key": "address", "title": "Address", "type": "ip"},
                {"key": "result", "title": "Result", "type": "result"},
                {"key": "verified_by", "title": "Verified by", **_TEXT},
                {"key": "comment", "title": "Comment", "type": "multiline", "max_length": 60},
            ],
        },
        {
            "key": "steps",
            "title": "Steps",
            "kind": "rows",
            "columns": [
                {"key": "action", "title": "Action", "type": "multiline", "required": True},
                {"key": "result", "title": "Result", "type": "result"},
                {"key": "comment", "title": "Comment", "type": "multiline"},
            ],
        },
        {
            "key": "documents",
            "title": "Documents",
            "kind": "rows",
            "columns": [{"key": "title", "title": "Title", **_TEXT}],
        },
        {
            "key": "remarks",
            "title": "Remarks",
            "kind": "text",
            "columns": [{"key": "text", "title": "Remarks", "type": "multiline", "required": True}],
        },
    ],
}
DEFINITION = TypeDefinition.of(SPELLED)
HEADER = {
    "document_title": "Pumping station <1> & 2",
    "project_reference": "P-7",
    "date": "2026-03-18",
    "client_name": "ΔΕΥΑ",
}
SIGNALS = [
    {"id": "s1", "tag": "DI_1", "result": "pass", "verified_by": "Eva"},
    {"id": "s2", "tag": "DI_2", "result": "fail", "comment": "does not switch"},
]


def minute(number: int) -> datetime:
    return START + timedelta(minutes=number)


def signer(account: UUID) -> Signer:
    return Signer(account, f"Person {account.int}", ROLES[account], ("password",), START)


def roster() -> Roster:
    opened = Roster.open(START)
    for account, role in ROLES.items():
        opened.grant(START, account, role)
    return opened


def contents(report: Report) -> dict[str, Any]:
    return {section.key: content_of(report, section.key) for section in DEFINITION.contents}


def content_of(report: Report, key: str) -> Any:
    state = report.sections.get(key)
    return DEFINITION.section(key).empty if state is None else resolve(state)


def gates(report: Report, template: Pinned | None = TEMPLATE) -> Gates:
    return Gates(DEFINITION, contents(report), roster(), template)


def save(report: Report, key: str, given: object, at: datetime = START) -> None:
    section = DEFINITION.section(key)
    report.save_section(at, section, checked_content(DEFINITION, section, given), content_of(report, key))


def begun(header: dict[str, str] | None = None) -> Report:
    return Report.create(REPORT, START, DEFINITION, "N-1", HEADER if header is None else header, owner=EVA)


def complete() -> Report:
    report = begun()
    save(report, "purpose", {"text": "It works.\nProven < & >"})
    save(report, "signals", SIGNALS)
    report.assign_approver(minute(1), 1, TOM, DEFINITION, roster())
    report.assign_approver(minute(1), 2, PIA, DEFINITION, roster())
    return report


def submitted() -> Report:
    report = complete()
    report.submit_for_review(minute(2), signer(EVA), gates(report), "please")
    return report


def approve(report: Report, who: UUID, stage: int, at: datetime = START + timedelta(minutes=9)) -> None:
    report.approve_stage(at, signer(who), stage, report.content_digest, Approval("approval"))


def approved_once() -> Report:
    report = submitted()
    approve(report, TOM, 1, minute(5))
    return report


def approved() -> Report:
    report = approved_once()
    approve(report, PIA, 2, minute(9))
    return report


def sent_back(report: Report | None = None) -> Report:
    report = report or submitted()
    report.request_changes(minute(5), TOM, ROLES[TOM], 1, ChangeRequest(REASON))
    return report


def rendered(report: Report, kind: Kind = Kind.FINAL, form: Format = Format.DOCX) -> Rendering:
    order = RenderOrder(report.id, report.revision, kind, form, report.current_digest, "t" * 64, "1", b"{}")
    rendering = Rendering.request(minute(10), order)
    rendering.start(minute(10), "worker-1")
    rendering.complete(minute(11), [Artifact(form, "d" * 64, 1000)], 40)
    return rendering


CLIENT = Recipient(subject=UUID(int=300), name="Νίκος", email="n@client.example")


def issued() -> Report:
    report = approved()
    report.issue_revision(minute(12), PIA, rendered(report), IssueStatus.FINAL, [CLIENT])
    return report


def last(report: Report) -> Any:
    return report.pending_events[-1]


def names(report: Report, since: int = 0) -> list[str]:
    return [type(event).__name__ for event in report.pending_events[since:]]
