"""Timers speak to the report through commands, and people give a stage to others."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from countersign.aggregates.due import NotDueYet
from countersign.aggregates.report.report import Report
from countersign.commands.permit import NotPermitted
from countersign.commands.report.escalate_stage import EscalateStage
from countersign.commands.report.reassign_stage import ReassignStage
from countersign.commands.report.remind_approver import RemindApprover
from countersign.eventstore.store import StaleVersion
from tests.unit.commands.documents.office import Course, Office, Person


def reminder(course: Course) -> RemindApprover:
    waiting = course.report.open_stage
    assert waiting is not None
    return RemindApprover(report_id=course.report_id, stage=waiting.n, due_at=waiting.due_at, nth=1)


def escalation(course: Course) -> EscalateStage:
    waiting = course.report.open_stage
    assert waiting is not None
    return EscalateStage(report_id=course.report_id, stage=waiting.n, due_at=waiting.due_at)


def reassignment(course: Course, to: Person, stage: int = 1) -> ReassignStage:
    return ReassignStage(
        report_id=course.report_id,
        expected_version=course.report.version,
        stage=stage,
        to=to.account,
        reason="Tom is on leave until May",
    )


def told(office: Office, kind: type) -> int:
    return sum(isinstance(each.event, kind) for each in office.events())


def test_a_timer_that_fires_twice_reminds_once(office: Office, course: Course) -> None:
    course.submitted()
    command = reminder(course)
    office.later(hours=97)
    for _ in range(2):
        office.give(command)
    assert told(office, Report.ApproverReminded) == 1


def test_a_timer_that_fires_early_does_nothing_yet(office: Office, course: Course) -> None:
    course.submitted()
    for command in (reminder(course), escalation(course)):
        with pytest.raises(NotDueYet):
            office.give(command)


def test_timers_of_a_stage_that_is_decided_do_nothing(office: Office, course: Course) -> None:
    course.submitted()
    remind, escalate = reminder(course), escalation(course)
    course.approve(1, office.tom)
    office.later(hours=200)
    before = office.log.head()
    office.give(remind)
    office.give(escalate)
    assert office.topics(before) == []


def test_administrators_hear_of_a_stage_that_is_overdue(office: Office, course: Course) -> None:
    course.submitted()
    command = escalation(course)
    office.later(hours=121)
    office.give(command)
    escalated = office.events()[-1].event
    assert isinstance(escalated, Report.StageEscalated)
    assert (escalated.to, escalated.overdue_s) == ((office.ada.account,), 3600)


def test_an_approver_gives_their_own_stage_to_another_in_the_role(office: Office, course: Course) -> None:
    course.submitted()
    office.later(hours=20)
    office.give(reassignment(course, office.otto), office.tom)
    waiting = course.report.open_stage
    assert waiting is not None
    assert waiting.due_at == office.now + timedelta(hours=120)
    course.approve(1, office.otto)


def test_an_administrator_gives_any_stage_to_another(office: Office, course: Course) -> None:
    course.submitted()
    office.give(reassignment(course, office.otto), office.ada)
    assert course.report.approver_of(1) == office.otto.account


def test_others_leave_the_stage_where_it_is(office: Office, course: Course) -> None:
    course.submitted()
    for person in (office.eva, office.pia, office.otto, office.olga):
        with pytest.raises(NotPermitted):
            office.give(reassignment(course, office.otto), person)
    with pytest.raises(NotPermitted):
        office.give(reassignment(course, office.otto, stage=9), office.tom)


def test_a_stage_is_given_away_by_who_has_read_the_report_as_it_is(office: Office, course: Course) -> None:
    course.submitted()
    command = reassignment(course, office.otto)
    office.give(command, office.ada)
    with pytest.raises(StaleVersion):
        office.give(command, office.ada)


def test_a_reminder_between_reading_and_signing_does_not_disturb(office: Office, course: Course) -> None:
    course.submitted()
    read = course.approval(1)
    office.later(hours=97)
    office.give(reminder(course))
    read_in_between = course.approval(1)
    office.move_to(office.now + timedelta(hours=24))
    office.give(escalation(course))

    assert read.expected_version < read_in_between.expected_version < course.report.version
    office.prove_identity(office.tom)
    with pytest.raises(StaleVersion):
        office.give(replace(read, expected_version=read.expected_version - 1), office.tom)
    office.give(read, office.tom)
    assert course.report.signatures


def test_what_weighs_is_read_again_however_many_reminders_there_were(office: Office, course: Course) -> None:
    course.submitted()
    read = course.approval(1)
    office.move_to(office.now + timedelta(hours=97))
    office.give(reminder(course))
    office.give(reassignment(course, office.otto), office.ada)
    office.give(reassignment(course, office.tom), office.ada)

    office.prove_identity(office.tom)
    with pytest.raises(StaleVersion):
        office.give(read, office.tom)
