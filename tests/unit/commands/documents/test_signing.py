"""Signing asks who it is, once more; deciding is for the one whose turn it is."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from countersign.aggregates.report.refusals import (
    DigestMismatch,
    NotReady,
    NotYourStage,
    SeparationOfDuties,
    StageNotOpen,
    WithdrawalTooLate,
    WrongStatus,
)
from countersign.aggregates.report.status import Status
from countersign.aggregates.root import DomainError
from countersign.commands.permit import NotPermitted, ReauthenticationRequired
from countersign.commands.report.request_changes import RequestChanges
from countersign.commands.report.submit_for_review import SubmitForReview
from countersign.commands.report.withdraw_submission import WithdrawSubmission
from countersign.commands.report_type.define_report_type import DefineReportType
from countersign.eventstore.store import StaleVersion
from tests.unit.aggregates.report.given import SPELLED
from tests.unit.commands.documents.office import Course, Office


def withdrawal(course: Course) -> WithdrawSubmission:
    return WithdrawSubmission(
        report_id=course.report_id,
        expected_version=course.report.version,
        reason="A signal list is missing",
    )


def request(course: Course, stage: int = 1) -> RequestChanges:
    return RequestChanges(
        report_id=course.report_id,
        expected_version=course.report.version,
        stage=stage,
        reason="A signal list is missing",
    )


def test_nobody_submits_without_proving_who_they_are(office: Office, course: Course) -> None:
    course.complete()
    command = SubmitForReview(report_id=course.report_id, expected_version=course.report.version)
    with pytest.raises(ReauthenticationRequired):
        office.give(command, office.eva)
    office.prove_identity(office.eva)
    office.later(minutes=6)
    with pytest.raises(ReauthenticationRequired):
        office.give(command, office.eva)
    assert course.report.status is Status.DRAFT


def test_nobody_approves_without_proving_who_they_are(office: Office, course: Course) -> None:
    course.submitted()
    with pytest.raises(ReauthenticationRequired):
        office.give(course.approval(1), office.tom)


def test_the_proof_stands_in_the_signature(office: Office, course: Course) -> None:
    course.complete()
    office.prove_identity(office.eva)
    proved_at = office.now
    office.later(minutes=4)
    command = SubmitForReview(report_id=course.report_id, expected_version=course.report.version)
    office.give(command, office.eva)
    signature = next(each.event for each in office.events() if each.topic == "report.signature_applied")
    assert vars(signature)["authenticated_at"] == proved_at
    assert vars(signature)["factors"] == ("password",)


def test_an_incomplete_report_is_not_submitted(office: Office, course: Course) -> None:
    course.create()
    with pytest.raises(NotReady) as refusal:
        course.submit()
    assert dict(refusal.value.pointers).keys() == {
        "/sections/purpose/text",
        "/sections/signals",
        "/approvers/1",
        "/approvers/2",
    }


def test_a_report_whose_template_was_never_installed_is_not_submitted(office: Office, course: Course) -> None:
    office.give(DefineReportType(definition={**SPELLED, "version": 2, "template": "other.docx"}))
    course.complete()
    with pytest.raises(NotReady) as refusal:
        course.submit()
    assert [pointer for pointer, _ in refusal.value.pointers] == ["/template"]


def test_a_submission_needs_the_newest_version(office: Office, course: Course) -> None:
    course.complete()
    office.prove_identity(office.eva)
    with pytest.raises(StaleVersion):
        office.give(SubmitForReview(report_id=course.report_id, expected_version=1), office.eva)


def test_only_the_preparer_submits(office: Office, course: Course) -> None:
    course.complete()
    with pytest.raises(NotPermitted):
        course.submit(by=office.tom)


def test_wrong_people_and_wrong_content_are_told_why(office: Office, course: Course) -> None:
    course.submitted()
    before = course.report.version
    with pytest.raises(NotPermitted):
        course.approve(1, office.eva)
    with pytest.raises(NotYourStage):
        course.approve(1, office.otto)
    with pytest.raises(StageNotOpen):
        course.approve(2, office.pia)
    office.prove_identity(office.tom)
    with pytest.raises(DigestMismatch):
        office.give(replace(course.approval(1), content_digest="0" * 64), office.tom)
    assert course.report.version == before


def test_a_manager_who_prepared_the_report_does_not_approve_it(office: Office, course: Course) -> None:
    course.create(by=office.otto)
    course.save("purpose", {"text": "a"}, by=office.otto)
    course.save("signals", [{"tag": "DI_1", "result": "pass"}], by=office.otto)
    course.assign(1, office.tom, by=office.otto)
    course.assign(2, office.pia, by=office.otto)
    course.submit(by=office.otto)
    with pytest.raises(SeparationOfDuties):
        course.approve(1, office.otto)


def test_of_two_approvals_at_once_one_wins_and_the_other_is_told_why(office: Office, course: Course) -> None:
    course.submitted()
    office.prove_identity(office.tom)
    approval = course.approval(1)

    def give(number: int) -> object:
        try:
            return office.give(approval, office.tom, key=f"try {number}").position
        except DomainError as refusal:
            return refusal.code

    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(give, range(4)))
    assert sum(isinstance(outcome, int) for outcome in outcomes) == 1
    assert sorted(each for each in outcomes if isinstance(each, str)) == ["stale_version"] * 3
    assert office.topics().count("report.stage_approved") == 1


def test_the_approver_whose_turn_it_is_sends_the_report_back(office: Office, course: Course) -> None:
    course.submitted()
    with pytest.raises(NotPermitted):
        office.give(request(course), office.eva)
    with pytest.raises(NotYourStage):
        office.give(request(course), office.otto)
    office.give(request(course), office.tom)
    assert course.report.status is Status.CHANGES_REQUESTED
    assert course.report.signatures == ()


def test_the_preparer_withdraws_until_somebody_has_approved(office: Office, course: Course) -> None:
    course.submitted()
    office.give(withdrawal(course), office.eva)
    assert course.report.status is Status.DRAFT
    course.submit()
    course.approve(1, office.tom)
    with pytest.raises(WithdrawalTooLate):
        office.give(withdrawal(course), office.eva)
    office.give(withdrawal(course), office.ada)
    assert course.report.signatures == ()
    with pytest.raises(WrongStatus):
        office.give(withdrawal(course), office.ada)


def test_others_withdraw_nothing(office: Office, course: Course) -> None:
    course.submitted()
    for person in (office.tom, office.pia, office.vera):
        with pytest.raises(NotPermitted):
            office.give(withdrawal(course), person)
