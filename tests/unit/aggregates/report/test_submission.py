"""A revision is submitted complete or not at all, under the author's signature, and can be taken back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from countersign.aggregates.canonical_json import digest_of
from countersign.aggregates.report.readiness import GATES
from countersign.aggregates.report.refusals import (
    InvalidField,
    Locked,
    NotEligible,
    NotReady,
    OnePersonOneStage,
    PreparerIsApprover,
    ReasonRequired,
    UnknownStage,
    WithdrawalTooLate,
    WrongStatus,
)
from countersign.aggregates.report.report import Report
from countersign.aggregates.report.route import Assigned, Stage
from countersign.aggregates.report.status import Status
from countersign.aggregates.role import Role
from countersign.aggregates.root import event_id
from countersign.aggregates.roster import Roster
from countersign.aggregates.template import Pinned
from tests.unit.aggregates.report.given import (
    ADA,
    DEFINITION,
    EVA,
    ODA,
    PIA,
    REASON,
    REPORT,
    START,
    TEMPLATE,
    TOM,
    approved,
    approved_once,
    begun,
    complete,
    gates,
    last,
    minute,
    names,
    roster,
    save,
    sent_back,
    signer,
    submitted,
)


def missing(report: Report, who: UUID = EVA, template: Pinned | None = TEMPLATE) -> dict[str, str]:
    with pytest.raises(NotReady) as refusal:
        report.submit_for_review(minute(2), signer(who), gates(report, template))
    return dict(refusal.value.pointers)


def test_an_approver_is_asked_for_a_stage() -> None:
    report = begun()
    report.assign_approver(minute(1), 2, PIA, DEFINITION, roster())
    report.assign_approver(minute(1), 1, TOM, DEFINITION, roster())
    assert isinstance(last(report), Report.ApproverAssigned)
    assert report.approvers == (
        Assigned(1, Role.TECHNICAL_MANAGER, TOM),
        Assigned(2, Role.PROJECT_MANAGER, PIA),
    )


def test_another_approver_takes_the_place_of_the_first() -> None:
    report = complete()
    report.assign_approver(minute(2), 1, ODA, DEFINITION, roster())
    assert [each.approver for each in report.approvers] == [ODA, PIA]


def test_the_same_approver_again_is_no_event() -> None:
    report = complete()
    before = len(report.pending_events)
    report.assign_approver(minute(2), 1, TOM, DEFINITION, roster())
    assert len(report.pending_events) == before


def test_nobody_is_asked_to_approve_what_they_prepared() -> None:
    report = Report.create(REPORT, START, DEFINITION, "N-1", {"document_title": "T"}, owner=TOM)
    with pytest.raises(PreparerIsApprover):
        report.assign_approver(minute(1), 1, TOM, DEFINITION, roster())


@pytest.mark.parametrize(("stage", "who"), [(1, PIA), (2, TOM), (1, ADA), (2, EVA)])
def test_an_approver_holds_the_role_of_the_stage(stage: int, who: UUID) -> None:
    report = Report.create(REPORT, START, DEFINITION, "N-1", {"document_title": "T"}, owner=ODA)
    with pytest.raises(NotEligible):
        report.assign_approver(minute(1), stage, who, DEFINITION, roster())


def test_one_person_signs_one_stage() -> None:
    report = complete()
    promoted = roster()
    promoted.grant(START, TOM, Role.PROJECT_MANAGER)
    with pytest.raises(OnePersonOneStage):
        report.assign_approver(minute(1), 2, TOM, DEFINITION, promoted)


@pytest.mark.parametrize("stage", [0, 3, -1])
def test_the_route_decides_which_stages_there_are(stage: int) -> None:
    with pytest.raises(UnknownStage):
        begun().assign_approver(minute(1), stage, TOM, DEFINITION, roster())


def test_approvers_are_not_changed_under_review() -> None:
    with pytest.raises(Locked):
        submitted().assign_approver(minute(3), 1, ODA, DEFINITION, roster())


def test_a_submission_freezes_the_content_signs_it_and_opens_the_first_stage() -> None:
    report = submitted()

    assert names(report)[-3:] == ["RevisionSubmitted", "SignatureApplied", "StageOpened"]
    frozen, signature, opened = report.pending_events[-3:]
    assert isinstance(frozen, Report.RevisionSubmitted)
    assert isinstance(signature, Report.SignatureApplied)
    assert isinstance(opened, Report.StageOpened)
    assert frozen.section_digests.keys() == {"header", "purpose", "signals"}
    assert frozen.content_digest == digest_of(frozen.section_digests) == report.content_digest
    assert frozen.stages == (
        Stage(1, Role.TECHNICAL_MANAGER, TOM, "Technical Manager", 120, (24,)),
        Stage(2, Role.PROJECT_MANAGER, PIA, "Project Manager", 24, (24,)),
    )
    assert (frozen.gates_passed, frozen.comment) == (GATES, "please")
    assert (frozen.template, frozen.template_version, frozen.template_digest) == (
        TEMPLATE.template,
        TEMPLATE.template_version,
        TEMPLATE.digest,
    )
    assert (signature.stage, signature.signer, signature.printed_name) == (0, EVA, "Person 1")
    assert (signature.meaning, signature.content_digest) == ("authorship", report.content_digest)
    assert (signature.factors, signature.authenticated_at) == (("password",), START)
    assert signature.signature_id == event_id(REPORT, signature.originator_version)
    assert (opened.stage, opened.approver, opened.due_at) == (1, TOM, minute(2) + timedelta(hours=120))
    assert report.status is Status.IN_REVIEW


def test_everything_that_is_missing_is_listed_at_once() -> None:
    report = begun({"document_title": "T"})
    rows = [
        {"id": "s1", "tag": " ", "result": ""},
        {"id": "s2", "tag": "DI_2", "result": "not_tested"},
        {"id": "s3", "tag": "DI_3", "result": "fail", "comment": "\n"},
        {"id": "s4", "tag": "DI_4", "result": "na"},
    ]
    save(report, "signals", rows)
    save(report, "steps", [{"id": "p1", "result": "fail"}])
    assert missing(report, template=None) == {
        "/header/project_reference": "must be filled",
        "/header/date": "must be filled",
        "/sections/purpose/text": "must be filled",
        "/sections/signals/0/tag": "must be filled",
        "/sections/signals/0/result": "has not been tested",
        "/sections/signals/1/result": "has not been tested",
        "/sections/signals/2/comment": "a failure needs a comment",
        "/sections/steps/0/action": "must be filled",
        "/approvers/1": "needs a technical_manager",
        "/approvers/2": "needs a project_manager",
        "/template": "has no version in force: an administrator installs one",
    }
    assert report.status is Status.DRAFT


def test_a_required_table_needs_a_row() -> None:
    report = complete()
    save(report, "signals", [])
    assert missing(report) == {"/sections/signals": "needs a row at least"}


def test_an_approver_who_has_lost_the_role_must_be_replaced() -> None:
    report = complete()
    others = Roster.open(START)
    others.grant(START, PIA, Role.PROJECT_MANAGER)
    with pytest.raises(NotReady) as refusal:
        report.submit_for_review(minute(2), signer(EVA), replace(gates(report), roster=others))
    assert refusal.value.pointers == (("/approvers/1", "is not a technical_manager any more"),)


def test_whoever_submits_is_a_preparer_too() -> None:
    assert missing(complete(), who=TOM) == {"/approvers/1": "prepared this report"}


def test_a_comment_that_no_document_can_print_is_refused() -> None:
    report = complete()
    with pytest.raises(InvalidField):
        report.submit_for_review(minute(2), signer(EVA), gates(report), "\x00")


@pytest.mark.parametrize("state", [submitted, approved])
def test_a_revision_is_submitted_once(state: Callable[[], Report]) -> None:
    report = state()
    with pytest.raises(WrongStatus):
        report.submit_for_review(minute(3), signer(EVA), gates(report))


def test_a_returned_revision_can_be_submitted_again() -> None:
    report = sent_back()
    report.submit_for_review(minute(6), signer(EVA), gates(report))
    assert report.status is Status.IN_REVIEW
    assert [each.stage for each in report.signatures] == [0]


def test_a_withdrawal_opens_the_content_and_lets_the_signature_fall() -> None:
    report = submitted()
    signed = tuple(each.signature_id for each in report.signatures)

    report.withdraw(minute(3), EVA, REASON, administrator=False)

    withdrawn, fallen = report.pending_events[-2:]
    assert isinstance(withdrawn, Report.SubmissionWithdrawn)
    assert (withdrawn.reason, withdrawn.by) == (REASON, EVA)
    assert isinstance(fallen, Report.ApprovalsInvalidated)
    assert (fallen.signatures, fallen.cause) == (signed, "submission_withdrawn")
    assert (report.status, report.content_digest, report.stages) == (Status.DRAFT, "", ())
    assert (report.signatures, report.open_stage) == ((), None)


def test_after_an_approval_only_an_administrator_withdraws() -> None:
    report = approved_once()
    with pytest.raises(WithdrawalTooLate):
        report.withdraw(minute(6), EVA, REASON, administrator=False)
    report.withdraw(minute(6), ADA, REASON, administrator=True)
    assert len(last(report).signatures) == 2


@pytest.mark.parametrize("state", [complete, sent_back, approved])
def test_only_what_is_in_review_is_withdrawn(state: Callable[[], Report]) -> None:
    with pytest.raises(WrongStatus):
        state().withdraw(minute(12), ADA, REASON, administrator=True)


@pytest.mark.parametrize("reason", ["", "   too short   "])
def test_a_withdrawal_needs_a_reason(reason: str) -> None:
    with pytest.raises(ReasonRequired):
        submitted().withdraw(minute(3), EVA, reason, administrator=False)
