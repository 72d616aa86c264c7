"""One report from its first line to the client, as the log tells it; on SQLite and on PostgreSQL."""

from __future__ import annotations

import json

import pytest

from countersign.aggregates.render_order import Kind
from countersign.aggregates.rendering import Rendering
from countersign.aggregates.report.remarks import Item
from countersign.aggregates.report.report import Report
from countersign.aggregates.report.status import Status
from countersign.commands.report.request_changes import RequestChanges
from countersign.eventstore.databases import Databases
from countersign.eventstore.open_log import open_log
from countersign.eventstore.wakeups import Wakeups
from tests.unit.commands.documents.office import Course, Office

STORY = [
    "report.created",
    "document_number.reserved",
    "report.section_saved",
    "report.section_saved",
    "report.approver_assigned",
    "report.approver_assigned",
    "session.reauthenticated",
    "report.revision_submitted",
    "report.signature_applied",
    "report.stage_opened",
    "report.changes_requested",
    "report.approvals_invalidated",
    "report.section_saved",
    "session.reauthenticated",
    "report.revision_submitted",
    "report.signature_applied",
    "report.stage_opened",
    "session.reauthenticated",
    "report.signature_applied",
    "report.stage_approved",
    "report.stage_opened",
    "session.reauthenticated",
    "report.signature_applied",
    "report.stage_approved",
    "report.revision_approved",
    "rendering.requested",
    "rendering.started",
    "rendering.completed",
    "report.revision_issued",
]


@pytest.fixture
def office(databases: Databases, wakeups: Wakeups) -> Office:
    return Office(databases, open_log(databases, wakeups))


def live(office: Office, course: Course) -> None:
    course.submitted()
    office.give(
        RequestChanges(
            report_id=course.report_id,
            expected_version=course.report.version,
            stage=1,
            reason="The purpose says too little",
            items=(Item("purpose", None, "Say what was proven"),),
        ),
        office.tom,
    )
    course.save("purpose", {"text": "Said more."})
    course.submit()
    course.approve(1, office.tom)
    course.approve(2, office.pia)
    course.issue(course.render())


def test_the_log_tells_the_whole_story(office: Office, course: Course) -> None:
    before = office.log.head()
    live(office, course)
    assert office.topics(before) == STORY
    assert course.report.status is Status.ISSUED


def test_the_report_is_the_same_when_it_is_read_back_from_the_log(office: Office, course: Course) -> None:
    live(office, course)
    again = office.another_store().aggregates.find(Report, course.report_id)
    assert again is not None
    kept = {name: value for name, value in vars(course.report).items() if name != "_pending_events"}
    read = {name: value for name, value in vars(again).items() if name != "_pending_events"}
    assert read == kept


def test_the_document_is_made_of_what_was_signed(office: Office, course: Course) -> None:
    live(office, course)
    assert course.report.issue is not None
    rendering = office.get(Rendering, course.report.issue.rendering_id)
    made_of = json.loads(office.store.blobs.get(rendering.input_digest))
    assert made_of["content"]["purpose"] == {"text": "Said more."}
    assert made_of["content_digest"] == course.report.content_digest == rendering.content_digest
    assert [each["stage"] for each in made_of["signatures"]] == [0, 1, 2]
    assert office.store.blobs.get(made_of["template_digest"]) == b"a Word file"
    assert office.store.blobs.get(course.report.issue.document_digest) == b"a finished Word file"


def test_the_signers_stand_in_the_document_by_name_and_role(office: Office, course: Course) -> None:
    course.approved()
    signed = [(each.signer, each.role) for each in course.report.signatures]
    assert signed == [
        (office.eva.account, "engineer"),
        (office.tom.account, "technical_manager"),
        (office.pia.account, "project_manager"),
    ]
    assert all(each.printed_name.endswith("> & Co") for each in course.report.signatures)


def test_recipients_are_sealed_in_the_log(office: Office, course: Course) -> None:
    course.approved()
    course.issue(course.render(Kind.FINAL))
    (recorded,) = office.log.read(office.log.head() - 1, 1)
    assert b"client.example" not in recorded.state.lower()
    (happened,) = office.events(office.log.head() - 1)
    assert isinstance(happened.event, Report.RevisionIssued)
    (recipient,) = happened.event.recipients
    assert (recipient.name, recipient.email) == ("Νίκος", "Nikos@client.example")
