"""What is held is kept, what was agreed on by two goes, and a tombstone stays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from countersign.aggregates.due import NotDueYet
from countersign.aggregates.report.refusals import InvalidField, ReasonRequired
from countersign.aggregates.report.report import Report
from countersign.aggregates.report.retention_refusals import (
    AlreadyProposed,
    HoldMissing,
    NotProposed,
    OnLegalHold,
    ReportDisposed,
    RetentionRuns,
    SamePerson,
    WrongStanding,
)
from countersign.aggregates.report.standing import Standing
from countersign.aggregates.retention_policy import NoRetentionRule, RetentionPolicy, RetentionRule
from tests.unit.aggregates.report.given import ADA, EVA, PIA, REASON, START, approved, issued, last, minute

MATTER = "Pump & Co ./. City, 3 O 17/26"
A_WEEK = timedelta(days=7)
IN_TEN_YEARS = START + timedelta(days=3_660)


def policy(report_type: str = "MINI", years: int = 10) -> RetentionPolicy:
    opened = RetentionPolicy.open(START)
    opened.publish(START, [RetentionRule(report_type, years)], 7, REASON, ADA)
    return opened


def archived() -> Report:
    report = issued()
    report.archive(minute(20), PIA, policy(), REASON)
    return report


def proposed() -> Report:
    report = archived()
    report.propose_disposition(IN_TEN_YEARS, REASON, PIA)
    return report


def agreed() -> Report:
    report = proposed()
    report.approve_disposition(IN_TEN_YEARS, REASON, ADA, A_WEEK)
    return report


def disposed() -> Report:
    report = agreed()
    report.dispose(IN_TEN_YEARS + A_WEEK)
    return report


def test_an_issued_report_is_archived_until_the_date_of_the_policy() -> None:
    report = archived()

    assert report.standing is Standing.ARCHIVED
    assert report.retention is not None
    assert report.issued_at is not None
    assert report.retention.until == report.issued_at.replace(year=2036)
    assert report.retention.policy_version == 1


@pytest.mark.parametrize("state", [approved, archived])
def test_only_what_was_issued_and_is_in_use_is_archived(state: Callable[[], Report]) -> None:
    with pytest.raises(WrongStanding):
        state().archive(minute(30), PIA, policy(), REASON)


def test_nothing_is_archived_without_a_rule_or_a_reason() -> None:
    with pytest.raises(NoRetentionRule):
        issued().archive(minute(30), PIA, policy("OTHER"), REASON)
    with pytest.raises(ReasonRequired):
        issued().archive(minute(30), PIA, policy(), "old")


def test_what_is_restored_is_in_use_again_and_its_proposal_falls() -> None:
    report = proposed()
    report.restore(IN_TEN_YEARS, REASON, ADA)

    assert (report.standing, report.retention, report.proposal) == (Standing.ACTIVE, None, None)
    with pytest.raises(WrongStanding):
        report.restore(IN_TEN_YEARS, REASON, ADA)


def test_a_report_is_not_disposed_of_before_its_time() -> None:
    with pytest.raises(RetentionRuns):
        archived().propose_disposition(IN_TEN_YEARS - timedelta(days=30), REASON, PIA)


def test_it_is_proposed_once() -> None:
    with pytest.raises(AlreadyProposed):
        proposed().propose_disposition(IN_TEN_YEARS, REASON, EVA)


def test_nobody_approves_their_own_proposal() -> None:
    with pytest.raises(SamePerson):
        proposed().approve_disposition(IN_TEN_YEARS, REASON, PIA, A_WEEK)


def test_there_is_nothing_to_approve_decline_or_carry_out_without_a_proposal() -> None:
    with pytest.raises(NotProposed):
        archived().approve_disposition(IN_TEN_YEARS, REASON, ADA, A_WEEK)
    with pytest.raises(NotProposed):
        archived().decline_disposition(IN_TEN_YEARS, REASON, ADA)
    for state in (archived, proposed):
        with pytest.raises(NotProposed):
            state().dispose(IN_TEN_YEARS)


def test_an_approval_is_recorded_once_and_can_be_declined_until_it_is_carried_out() -> None:
    report = agreed()
    version = report.version
    report.approve_disposition(IN_TEN_YEARS, REASON, ADA, A_WEEK)
    assert report.version == version

    report.decline_disposition(IN_TEN_YEARS, REASON, PIA)
    assert report.proposal is None


def test_it_is_carried_out_when_it_has_cooled_off() -> None:
    with pytest.raises(NotDueYet):
        agreed().dispose(IN_TEN_YEARS + A_WEEK - timedelta(seconds=1))


def test_an_approval_of_something_that_is_gone_leaves_nothing() -> None:
    approval, report = last(agreed()), proposed()
    report.proposal = None
    approval.apply(report)
    assert report.proposal is None


def test_a_hold_makes_a_proposal_fall_and_keeps_everything_until_it_is_released() -> None:
    report = agreed()
    report.place_legal_hold(IN_TEN_YEARS, MATTER, REASON, ADA)
    report.place_legal_hold(IN_TEN_YEARS, MATTER, REASON, ADA)
    assert (len(report.holds), report.proposal) == (1, None)

    with pytest.raises(OnLegalHold, match="3 O 17/26"):
        report.propose_disposition(IN_TEN_YEARS, REASON, PIA)
    with pytest.raises(NotProposed):
        report.approve_disposition(IN_TEN_YEARS, REASON, ADA, A_WEEK)

    report.release_legal_hold(IN_TEN_YEARS, MATTER, REASON, ADA)
    report.propose_disposition(IN_TEN_YEARS, REASON, PIA)
    with pytest.raises(HoldMissing):
        report.release_legal_hold(IN_TEN_YEARS, MATTER, REASON, ADA)


def test_a_matter_and_a_reason_must_say_something() -> None:
    with pytest.raises(InvalidField):
        issued().place_legal_hold(minute(30), " ", REASON, ADA)
    with pytest.raises(InvalidField):
        issued().place_legal_hold(minute(30), "two\nlines", REASON, ADA)
    with pytest.raises(ReasonRequired):
        issued().place_legal_hold(minute(30), MATTER, "so", ADA)


def test_a_tombstone_names_what_was_and_who_agreed_and_the_contents_leave_the_state() -> None:
    before = agreed()
    report = disposed()

    tombstone = report.tombstone
    assert tombstone is not None
    assert (tombstone.document_number, tombstone.revision) == (before.document_number, "R0")
    assert (tombstone.proposed_by, tombstone.approved_by, tombstone.reason) == (PIA, ADA, REASON)
    assert tombstone.content_digest == before.content_digest
    assert any(state.content for state in before.sections.values())
    assert not any(state.content or state.results for state in report.sections.values())
    assert report.section_digests == before.section_digests
    event = last(report)
    assert isinstance(event, Report.Disposed)
    assert event.tombstone_digest == tombstone.digest


def test_what_was_disposed_of_does_not_come_back() -> None:
    report = disposed()
    for step in (Report.restore, Report.propose_disposition, Report.decline_disposition):
        with pytest.raises(ReportDisposed):
            step(report, IN_TEN_YEARS, REASON, EVA)
    with pytest.raises(ReportDisposed):
        report.place_legal_hold(IN_TEN_YEARS, MATTER, REASON, ADA)
    with pytest.raises(ReportDisposed):
        report.archive(IN_TEN_YEARS, PIA, policy(), REASON)


def test_it_is_noted_what_was_destroyed_of_a_disposed_report_only() -> None:
    report = disposed()
    report.note_destroyed(IN_TEN_YEARS, contents=3, shared=1)
    event = last(report)
    assert isinstance(event, Report.ContentDestroyed)
    assert (event.contents, event.shared) == (3, 1)
    with pytest.raises(WrongStanding):
        agreed().note_destroyed(IN_TEN_YEARS, contents=0, shared=0)
