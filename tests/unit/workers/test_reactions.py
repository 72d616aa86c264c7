"""Which effects follow from which events."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from countersign.aggregates.email_message import EmailMessage
from countersign.aggregates.maintenance_job import MaintenanceJob
from countersign.aggregates.render_order import Format, Kind
from countersign.aggregates.rendering import Rendering
from countersign.aggregates.report.report import Report
from countersign.aggregates.role import Role
from countersign.aggregates.root import Root
from countersign.eventstore.mapper import Happened
from countersign.eventstore.metadata import Metadata
from countersign.workers.effect import Wanted
from countersign.workers.reactions.catalogue import reactions

AT = datetime(2026, 3, 1, tzinfo=UTC)
STREAM = UUID(int=1)
PERSON = UUID(int=2)
ORDER = {"kind": "order_document", "queue": "commands"}
WRITE = {"kind": "queue_emails", "queue": "commands"}


def happened(event_class: type[Any], **fields: Any) -> Happened:
    event: Root.Event = event_class(originator_id=STREAM, originator_version=9, timestamp=AT, **fields)
    return Happened(
        event=event,
        position=77,
        stream=STREAM,
        version=9,
        topic=event_class.TOPIC,
        recorded_at=AT,
        metadata=Metadata(actor=PERSON, correlation="trail", command="Something", command_key="key"),
    )


def effects_of(event: Happened, *, review_copies: bool = True) -> dict[str, tuple[Wanted, ...]]:
    reacted = {
        each.name: tuple(each.react(event))
        for each in reactions(review_copies=lambda: review_copies, anybody_listens=lambda: False)
    }
    return {name: wanted for name, wanted in reacted.items() if wanted}


SUBMITTED = happened(
    Report.RevisionSubmitted,
    revision="R0",
    content_digest="c",
    section_digests={},
    stages=(),
    gates_passed=(),
    template=UUID(int=3),
    template_version=1,
    template_digest="t",
    comment="",
)
STAGE_OPENED = happened(
    Report.StageOpened,
    revision="R0",
    stage=1,
    role=Role.TECHNICAL_MANAGER,
    approver=PERSON,
    due_at=AT,
    remind_at=(),
)
CHANGES = happened(
    Report.ChangesRequested, revision="R0", stage=1, by=PERSON, reason="wrong", items=(), review_code="C"
)
REMINDED = happened(Report.ApproverReminded, revision="R0", stage=1, approver=PERSON, nth=1, due_at=AT)
ESCALATED = happened(
    Report.StageEscalated,
    revision="R0",
    stage=1,
    role=Role.TECHNICAL_MANAGER,
    approver=PERSON,
    to=(PERSON,),
    due_at=AT,
    overdue_s=0,
)
STAGE_APPROVED = happened(
    Report.StageApproved,
    revision="R0",
    stage=1,
    approver=PERSON,
    review_code="A",
    comment="",
    duration_s=1,
)
APPROVED = happened(Report.RevisionApproved, revision="R0", content_digest="c")
ISSUED = happened(
    Report.RevisionIssued,
    revision="R0",
    rendering_id=UUID(int=4),
    document_digest="d",
    issue_status="final",
    recipients=(),
    by=PERSON,
)
ORDERED = {
    "originator_topic": "rendering",
    "report_id": UUID(int=5),
    "revision": "R0",
    "kind": Kind.FINAL,
    "format": Format.DOCX,
    "input_digest": "i",
    "content_digest": "c",
    "template_digest": "t",
    "engine_version": "1",
}
REQUESTED = happened(Rendering.Created, **ORDERED)
LETTER: dict[str, Any] = {
    "originator_topic": "email",
    "cause": UUID(int=6),
    "subject": PERSON,
    "name": "Ada Secret",
    "to": "ada@secret.example",
    "facts": {},
    "attachments": (),
    "message_id": "<1@example.org>",
}
QUEUED = happened(EmailMessage.Created, purpose="approval_request", **LETTER)
DUE = happened(MaintenanceJob.Created, originator_topic="maintenance", kind="clean_up", due_at=AT)


def mail(purpose: str) -> dict[str, Any]:
    return {**WRITE, "payload": {"report_id": str(STREAM), "version": 9, "purpose": purpose}}


def document(kind: str) -> dict[str, Any]:
    payload = {"report_id": str(STREAM), "revision": "R0", "kind": kind, "format": "docx"}
    return {**ORDER, "payload": payload}


RENDER = {"kind": "render_document", "queue": "rendering", "payload": {"rendering_id": str(STREAM)}}
DELIVER = {"kind": "deliver_email", "queue": "mail", "payload": {"email_id": str(STREAM)}}
ESCALATE = {
    "kind": "escalate_stage",
    "queue": "commands",
    "payload": {"report_id": str(STREAM), "stage": 1, "due_at": AT.isoformat()},
}
CALL_OFF = {
    "kind": "call_off",
    "queue": "commands",
    "payload": {"job_id": str(STREAM), "by": str(PERSON)},
}
MAINTAIN_MONITORING = {
    "kind": "maintain",
    "queue": "monitoring",
    "payload": {"job_id": str(STREAM), "kind": "health_check"},
}
TABLE: list[tuple[Happened, dict[str, dict[str, Any]]]] = [
    (SUBMITTED, {"order_review_copy": document("review")}),
    (STAGE_OPENED, {"ask_for_approval": mail("approval_request"), "time_stage": ESCALATE}),
    (REMINDED, {"remind_of_approval": mail("approval_reminder")}),
    (ESCALATED, {"remind_of_approval": mail("approval_escalated")}),
    (
        CHANGES,
        {
            "tell_of_requested_changes": mail("changes_requested"),
            "call_off_review_copies": {
                "kind": "call_off_review_copies",
                "queue": "commands",
                "payload": {"report_id": str(STREAM), "revision": "R0"},
            },
        },
    ),
    (STAGE_APPROVED, {"tell_of_approval": mail("stage_approved")}),
    (APPROVED, {"order_final_document": document("final"), "tell_of_approval": mail("revision_approved")}),
    (ISSUED, {"send_issued_revision": mail("revision_issued_client")}),
    (REQUESTED, {"render_document": RENDER}),
    (happened(Rendering.Retried, by=PERSON), {"render_document": RENDER}),
    (QUEUED, {"deliver_email": DELIVER}),
    (happened(EmailMessage.Resolved, by=PERSON, resent=True, reason="asked"), {"deliver_email": DELIVER}),
    (happened(EmailMessage.Resolved, by=PERSON, resent=False, reason="no"), {"call_off": CALL_OFF}),
    (happened(Rendering.Cancelled, by=PERSON, reason="no"), {"call_off": CALL_OFF}),
    (happened(Rendering.Discarded, by=PERSON, reason="no"), {"call_off": CALL_OFF}),
    (happened(MaintenanceJob.Cancelled, by=PERSON, reason="no"), {"call_off": CALL_OFF}),
    (happened(MaintenanceJob.Discarded, by=PERSON, reason="no"), {"call_off": CALL_OFF}),
    (happened(MaintenanceJob.Retried, by=PERSON, kind="health_check"), {"maintain": MAINTAIN_MONITORING}),
    (
        DUE,
        {
            "maintain": {
                "kind": "maintain",
                "queue": "maintenance",
                "payload": {"job_id": str(STREAM), "kind": "clean_up"},
            }
        },
    ),
    (happened(Report.SubmissionWithdrawn, revision="R0", reason="too early", by=PERSON), {}),
    (happened(Rendering.Started, worker="w", attempt=1), {}),
    (happened(EmailMessage.Attempted, worker="w", attempt=1), {}),
]


@pytest.mark.parametrize(("event", "expected"), TABLE, ids=lambda value: getattr(value, "topic", ""))
def test_what_follows(event: Happened, expected: dict[str, dict[str, Any]]) -> None:
    found = {
        name: {"kind": wanted.kind, "queue": wanted.queue, "payload": dict(wanted.payload)}
        for name, (wanted,) in effects_of(event).items()
    }

    assert found == expected


@pytest.mark.parametrize("event", [event for event, _ in TABLE], ids=lambda event: event.topic)
def test_the_same_event_has_the_same_effects(event: Happened) -> None:
    assert effects_of(event) == effects_of(event)


def test_no_effect_holds_anything_personal() -> None:
    assert "Secret" not in str(effects_of(QUEUED))
    assert "secret" not in str(effects_of(QUEUED))


def test_drafts_wait_for_what_is_signed() -> None:
    (final,) = effects_of(REQUESTED)["render_document"]
    (draft,) = effects_of(happened(Rendering.Created, **{**ORDERED, "kind": Kind.DRAFT}))["render_document"]

    assert final.priority < draft.priority


@pytest.mark.parametrize("purpose", ["admin_broadcast", "schedule_result", "retention_due"])
def test_mails_to_many_wait_for_those_that_somebody_waits_for(purpose: str) -> None:
    (urgent,) = effects_of(QUEUED)["deliver_email"]
    (patient,) = effects_of(happened(EmailMessage.Created, purpose=purpose, **LETTER))["deliver_email"]
    assert urgent.priority < patient.priority


def test_review_copies_can_be_left_out() -> None:
    assert effects_of(SUBMITTED, review_copies=False) == {}


def test_every_reaction_has_a_name_of_its_own() -> None:
    names = [each.name for each in reactions()]

    assert len(set(names)) == len(names)


def test_a_stage_has_a_timer_for_each_reminder_and_one_for_its_end() -> None:
    remind_at = (AT - timedelta(hours=48), AT - timedelta(hours=24))
    waiting = {"role": Role.TECHNICAL_MANAGER, "approver": PERSON, "due_at": AT, "remind_at": remind_at}
    opened = happened(Report.StageOpened, revision="R0", stage=1, **waiting)
    timers = effects_of(opened)["time_stage"]
    assert [(each.kind, each.due_at) for each in timers] == [
        ("remind_approver", remind_at[0]),
        ("remind_approver", remind_at[1]),
        ("escalate_stage", AT),
    ]
    assert len({(each.kind, each.target) for each in timers}) == 3


def test_a_later_stage_that_is_given_to_somebody_else_has_no_timers_yet() -> None:
    given = happened(
        Report.StageReassigned,
        revision="R0",
        stage=2,
        role=Role.PROJECT_MANAGER,
        previous=PERSON,
        approver=UUID(int=8),
        reason="on leave for a month",
        by=PERSON,
        due_at=None,
        remind_at=(),
    )
    assert "time_stage" not in effects_of(given)
