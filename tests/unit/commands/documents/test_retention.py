"""Who may keep a report, and who may let it go; no one person can."""

from __future__ import annotations

from datetime import timedelta

import pytest

from countersign.aggregates.render_order import Kind
from countersign.aggregates.report.refusals import ReasonRequired
from countersign.aggregates.report.retention_refusals import (
    NotProposed,
    OnLegalHold,
    ReportDisposed,
    SamePerson,
    WrongStanding,
)
from countersign.aggregates.report.standing import Standing
from countersign.aggregates.retention_policy import (
    RETENTION_POLICY_ID,
    NoRetentionRule,
    RetentionPolicy,
    RetentionRule,
)
from countersign.aggregates.role import Role
from countersign.commands.permit import NotPermitted, ReauthenticationRequired
from countersign.commands.retention.approve_disposition import ApproveDisposition
from countersign.commands.retention.archive_report import ArchiveReport
from countersign.commands.retention.decline_disposition import DeclineDisposition
from countersign.commands.retention.dispose_report import DisposeReport
from countersign.commands.retention.note_content_destroyed import NoteContentDestroyed
from countersign.commands.retention.place_legal_hold import PlaceLegalHold
from countersign.commands.retention.propose_disposition import ProposeDisposition
from countersign.commands.retention.publish_retention_policy import PublishRetentionPolicy
from countersign.commands.retention.release_legal_hold import ReleaseLegalHold
from countersign.commands.retention.restore_from_archive import RestoreFromArchive
from countersign.eventstore.store import StaleVersion
from tests.unit.commands.documents.office import Course, Office

WHY = "its time is over, nobody needs it"


@pytest.fixture
def policy(office: Office) -> None:
    """Reports may go after a year, but for a day in which somebody can change their mind."""
    rules = (RetentionRule("*", 1),)
    office.give(PublishRetentionPolicy(rules=rules, cooling_off_days=1, reason=WHY), office.ada)


@pytest.fixture
def archived(course: Course, policy: None) -> Course:
    course.approved()
    course.issue(course.render())
    course.office.give(ArchiveReport(report_id=course.report_id, reason=WHY), course.office.dora)
    course.office.move_to(course.office.now + timedelta(days=366))
    return course


@pytest.fixture
def proposed(archived: Course) -> Course:
    office = archived.office
    office.give(ProposeDisposition(report_id=archived.report_id, reason=WHY), office.dora)
    return archived


def approval(proposed: Course) -> ApproveDisposition:
    read = proposed.report.version
    return ApproveDisposition(report_id=proposed.report_id, expected_version=read, reason=WHY)


@pytest.fixture
def agreed(proposed: Course) -> Course:
    office = proposed.office
    office.prove_identity(office.ada)
    office.give(approval(proposed), office.ada)
    return proposed


@pytest.fixture
def disposed(agreed: Course) -> Course:
    agreed.office.later(days=1)
    agreed.office.give(DisposeReport(report_id=agreed.report_id))
    return agreed


def test_nothing_is_archived_before_a_policy_was_published(office: Office, course: Course) -> None:
    course.approved()
    course.issue(course.render())
    with pytest.raises(NoRetentionRule):
        office.give(ArchiveReport(report_id=course.report_id, reason=WHY), office.dora)


def test_a_policy_is_published_with_a_reason_and_again_in_the_next_version(
    office: Office, policy: None
) -> None:
    with pytest.raises(ReasonRequired):
        office.give(PublishRetentionPolicy(rules=(), cooling_off_days=0, reason="so"), office.ada)
    office.give(PublishRetentionPolicy(rules=(), cooling_off_days=0, reason=WHY), office.ada)
    assert office.get(RetentionPolicy, RETENTION_POLICY_ID).policy_version == 2


def test_what_was_archived_can_be_restored(archived: Course) -> None:
    archived.office.give(RestoreFromArchive(report_id=archived.report_id, reason=WHY), archived.office.ada)
    assert archived.report.standing is Standing.ACTIVE


def test_a_second_person_approves_who_has_just_proved_who_they_are(proposed: Course) -> None:
    office, command = proposed.office, approval(proposed)
    with pytest.raises(NotPermitted):
        office.give(command, office.dora)
    with pytest.raises(ReauthenticationRequired):
        office.give(command, office.ada)


def test_an_administrator_who_was_the_controller_does_not_approve_their_own_proposal(
    office: Office, proposed: Course
) -> None:
    office.change_role(office.dora, Role.ADMINISTRATOR)
    office.prove_identity(office.dora)
    with pytest.raises(SamePerson):
        office.give(approval(proposed), office.dora)


def test_who_approves_has_read_the_proposal_that_there_is(proposed: Course) -> None:
    office, read = proposed.office, approval(proposed)
    office.give(DeclineDisposition(report_id=proposed.report_id, reason=WHY), office.dora)
    office.give(ProposeDisposition(report_id=proposed.report_id, reason="for another cause"), office.dora)
    office.prove_identity(office.ada)
    with pytest.raises(StaleVersion):
        office.give(read, office.ada)


def test_a_hold_in_the_last_moment_keeps_the_report(agreed: Course) -> None:
    office, matter = agreed.office, "3 O 17/26"
    office.give(PlaceLegalHold(report_id=agreed.report_id, matter=matter, reason=WHY), office.dora)
    office.later(hours=23)
    with pytest.raises(OnLegalHold):
        office.give(DisposeReport(report_id=agreed.report_id))

    office.give(ReleaseLegalHold(report_id=agreed.report_id, matter=matter, reason=WHY), office.dora)
    with pytest.raises(NotProposed):
        office.give(DisposeReport(report_id=agreed.report_id))


def test_a_change_of_mind_keeps_the_report(agreed: Course) -> None:
    office = agreed.office
    office.give(DeclineDisposition(report_id=agreed.report_id, reason=WHY), office.dora)
    with pytest.raises(NotProposed):
        office.give(DisposeReport(report_id=agreed.report_id))


def test_only_the_service_carries_it_out(agreed: Course) -> None:
    office = agreed.office
    for command in (
        DisposeReport(report_id=agreed.report_id),
        NoteContentDestroyed(report_id=agreed.report_id, contents=0, shared=0),
    ):
        with pytest.raises(NotPermitted):
            office.give(command, office.ada)
    with pytest.raises(WrongStanding):
        office.give(NoteContentDestroyed(report_id=agreed.report_id, contents=0, shared=0))


def test_of_a_disposed_report_no_document_is_made_any_more(disposed: Course) -> None:
    assert disposed.report.standing is Standing.DISPOSED
    with pytest.raises(ReportDisposed):
        disposed.order(Kind.FINAL)
    disposed.office.give(NoteContentDestroyed(report_id=disposed.report_id, contents=2, shared=0))
    assert disposed.office.topics()[-2:] == ["report.disposed", "report.content_destroyed"]


def test_whoever_may_not_see_to_retention_is_refused(archived: Course) -> None:
    office, report_id = archived.office, archived.report_id
    for command in (
        RestoreFromArchive(report_id=report_id, reason=WHY),
        PlaceLegalHold(report_id=report_id, matter="3 O 17/26", reason=WHY),
        ProposeDisposition(report_id=report_id, reason=WHY),
        PublishRetentionPolicy(rules=(), cooling_off_days=0, reason=WHY),
    ):
        with pytest.raises(NotPermitted):
            office.give(command, office.eva)
