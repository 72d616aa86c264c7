"""The approvers decide in turn, each for themselves, on exactly what was frozen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from countersign.aggregates.report.refusals import (
    AlreadySigned,
    DigestMismatch,
    InvalidField,
    NotYourStage,
    ReasonRequired,
    RoleLost,
    SeparationOfDuties,
    StageNotOpen,
    UnknownStage,
)
from countersign.aggregates.report.remarks import MOST_ITEMS, Item
from countersign.aggregates.report.report import Report
from countersign.aggregates.report.status import Status
from countersign.aggregates.report.verdict import Approval, ChangeRequest
from countersign.aggregates.role import Role
from tests.unit.aggregates.report.given import (
    ADA,
    EVA,
    ODA,
    PIA,
    REASON,
    ROLES,
    TOM,
    approve,
    approved,
    approved_once,
    complete,
    gates,
    issued,
    last,
    minute,
    names,
    save,
    sent_back,
    signer,
    submitted,
)


def send_back(report: Report, who: UUID = TOM, stage: int = 1, **request: Any) -> None:
    report.request_changes(minute(5), who, ROLES[who], stage, ChangeRequest(**{"reason": REASON, **request}))


def test_an_approval_is_a_signature_and_opens_the_next_stage() -> None:
    report = submitted()

    report.approve_stage(minute(5), signer(TOM), 1, report.content_digest, Approval("review", "fine", "B"))

    assert names(report)[-3:] == ["SignatureApplied", "StageApproved", "StageOpened"]
    signature, approval, opened = report.pending_events[-3:]
    assert isinstance(signature, Report.SignatureApplied)
    assert isinstance(approval, Report.StageApproved)
    assert isinstance(opened, Report.StageOpened)
    assert (signature.stage, signature.signer, signature.meaning) == (1, TOM, "review")
    assert signature.content_digest == report.content_digest
    assert (approval.approver, approval.review_code, approval.comment) == (TOM, "B", "fine")
    assert approval.duration_s == 180
    assert (opened.stage, opened.approver, opened.due_at) == (2, PIA, minute(5) + timedelta(hours=24))


def test_the_last_approval_approves_the_revision() -> None:
    report = approved()
    assert names(report)[-3:] == ["SignatureApplied", "StageApproved", "RevisionApproved"]
    assert last(report).content_digest == report.content_digest
    assert (report.status, report.open_stage) == (Status.APPROVED, None)
    assert [each.signer for each in report.signatures] == [EVA, TOM, PIA]


def test_a_later_stage_waits_for_its_turn() -> None:
    with pytest.raises(StageNotOpen):
        approve(submitted(), PIA, 2)


@pytest.mark.parametrize("who", [PIA, ODA, ADA])
def test_a_stage_is_decided_by_the_one_who_was_asked(who: UUID) -> None:
    with pytest.raises(NotYourStage):
        approve(submitted(), who, 1)


def test_whoever_has_lost_the_role_decides_no_more() -> None:
    report = submitted()
    demoted = replace(signer(TOM), role=Role.ENGINEER)

    with pytest.raises(RoleLost):
        report.approve_stage(minute(5), demoted, 1, report.content_digest, Approval("approval"))
    with pytest.raises(RoleLost) as refusal:
        report.request_changes(minute(5), TOM, Role.PROJECT_MANAGER, 1, ChangeRequest(REASON))

    assert (refusal.value.code, refusal.value.status) == ("role_lost", 403)
    assert (report.status, len(report.signatures)) == (Status.IN_REVIEW, 1)


def test_the_preparer_takes_no_part() -> None:
    with pytest.raises(SeparationOfDuties):
        approve(submitted(), EVA, 1)


def test_whoever_signed_as_the_author_takes_no_part() -> None:
    report = complete()
    report.submit_for_review(minute(2), signer(ADA), gates(report))
    with pytest.raises(SeparationOfDuties):
        approve(report, ADA, 1)


def test_nobody_signs_twice() -> None:
    report = approved_once()
    for stage in (1, 2):
        with pytest.raises(AlreadySigned):
            approve(report, TOM, stage)


def test_what_was_read_is_what_is_signed() -> None:
    report = submitted()
    with pytest.raises(DigestMismatch):
        report.approve_stage(minute(5), signer(TOM), 1, "0" * 64, Approval("review"))


@pytest.mark.parametrize("state", [complete, sent_back, approved, issued])
def test_outside_a_review_no_stage_is_open(state: Callable[[], Report]) -> None:
    report = state()
    with pytest.raises(StageNotOpen):
        approve(report, TOM, 1)
    with pytest.raises(StageNotOpen):
        send_back(report)


@pytest.mark.parametrize("stage", [0, 3])
def test_a_stage_that_the_route_lacks_is_unknown(stage: int) -> None:
    with pytest.raises(UnknownStage):
        approve(submitted(), TOM, stage)


@pytest.mark.parametrize(
    ("approval", "pointer"),
    [
        (Approval(" "), "/meaning"),
        (Approval("\x00"), "/meaning"),
        (Approval("review", "x" * 2001), "/comment"),
        (Approval("review", "", "C"), "/review_code"),
    ],
)
def test_an_approval_says_what_it_means(approval: Approval, pointer: str) -> None:
    report = submitted()
    with pytest.raises(InvalidField) as refusal:
        report.approve_stage(minute(5), signer(TOM), 1, report.content_digest, approval)
    assert [place for place, _ in refusal.value.pointers] == [pointer]
    assert last(report).stage == 1


def test_a_request_for_changes_lets_every_signature_fall() -> None:
    report = approved_once()
    signed = tuple(each.signature_id for each in report.signatures)
    items = (Item("signals", "s1", "wrong tag"), Item("purpose", None, "say more"))

    send_back(report, PIA, 2, items=items, review_code="D")

    asked, fallen = report.pending_events[-2:]
    assert isinstance(asked, Report.ChangesRequested)
    assert (asked.stage, asked.by, asked.reason, asked.items) == (2, PIA, REASON, items)
    assert asked.review_code == "D"
    assert isinstance(fallen, Report.ApprovalsInvalidated)
    assert (fallen.signatures, fallen.cause) == (signed, "changes_requested")
    assert len(signed) == 2
    assert (report.status, report.signatures, report.open_stage) == (Status.CHANGES_REQUESTED, (), None)


def test_a_mended_revision_has_another_digest_and_needs_every_signature_again() -> None:
    report = submitted()
    first = report.content_digest
    sent_back(report)
    save(report, "purpose", {"text": "Said more."})
    report.submit_for_review(minute(7), signer(EVA), gates(report))
    assert report.content_digest != first
    assert [each.stage for each in report.signatures] == [0]
    with pytest.raises(DigestMismatch):
        report.approve_stage(minute(8), signer(TOM), 1, first, Approval("review"))


def test_only_the_one_whose_turn_it_is_may_send_back() -> None:
    report = submitted()
    with pytest.raises(NotYourStage):
        send_back(report, ODA)
    with pytest.raises(StageNotOpen):
        send_back(report, PIA, 2)
    with pytest.raises(SeparationOfDuties):
        send_back(report, EVA)


@pytest.mark.parametrize("reason", ["", "too short", "         x          "])
def test_a_request_for_changes_needs_a_reason(reason: str) -> None:
    with pytest.raises(ReasonRequired):
        send_back(submitted(), reason=reason)


@pytest.mark.parametrize(
    ("request_", "pointer"),
    [
        ({"review_code": "A"}, "/review_code"),
        ({"reason": "nothing to see\x00"}, "/reason"),
        ({"items": (Item("signals", None, " "),)}, "/items/0/text"),
        ({"items": (Item("a\nb", None, "mend"),)}, "/items/0/section"),
        ({"items": (Item("signals", "x" * 65, "mend"),)}, "/items/0/row"),
        ({"items": (Item("signals", None, "\x07"),)}, "/items/0/text"),
        ({"items": (Item("signals", None, "mend"),) * (MOST_ITEMS + 1)}, "/items"),
    ],
)
def test_a_request_that_cannot_be_acted_on_is_pointed_at(request_: dict[str, Any], pointer: str) -> None:
    with pytest.raises(InvalidField) as refusal:
        send_back(submitted(), **request_)
    assert [place for place, _ in refusal.value.pointers] == [pointer]
