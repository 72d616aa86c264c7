"""Approvers are reminded, others hear of what is overdue, and somebody else can be asked."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from countersign.aggregates.due import NotDueYet
from countersign.aggregates.report.refusals import (
    NotEligible,
    OnePersonOneStage,
    PreparerIsApprover,
    ReasonRequired,
    StageNotOpen,
    UnknownStage,
)
from countersign.aggregates.report.report import Report
from countersign.aggregates.report.route import Stage
from countersign.aggregates.role import Role
from countersign.aggregates.type_definition import RouteStage
from tests.unit.aggregates.report.given import (
    ADA,
    EVA,
    ODA,
    PIA,
    REASON,
    TOM,
    approve,
    approved,
    approved_once,
    last,
    minute,
    names,
    roster,
    sent_back,
    submitted,
)

OPENED, AFTERWARDS = minute(2), minute(9)
DUE = OPENED + timedelta(hours=120)
REMIND = DUE - timedelta(hours=24)


def remind(report: Report, at: datetime = REMIND, nth: int = 1, due_at: datetime = DUE) -> None:
    report.remind_approver(at, 1, due_at, nth)


def escalate(report: Report, at: datetime = DUE, due_at: datetime = DUE, stage: int = 1) -> None:
    report.escalate_stage(at, stage, due_at, roster())


def reassign(report: Report, to: UUID = ODA, stage: int = 1, at: datetime = AFTERWARDS) -> None:
    report.reassign_stage(at, ADA, stage, to, REASON, roster())


def test_a_stage_is_opened_with_the_times_of_its_reminders() -> None:
    opened = last(submitted())
    assert isinstance(opened, Report.StageOpened)
    assert (opened.due_at, opened.remind_at) == (DUE, (REMIND,))


def test_a_reminder_that_would_come_at_once_is_none() -> None:
    stage = Stage(1, Role.PROJECT_MANAGER, PIA, "", sla_hours=24, reminder_hours=(2, 24, 30, 8))
    assert stage.remind_at(OPENED) == (OPENED + timedelta(hours=16), OPENED + timedelta(hours=22))


def test_the_approver_is_reminded_once() -> None:
    report = submitted()
    remind(report)
    remind(report)
    reminded = last(report)
    assert isinstance(reminded, Report.ApproverReminded)
    assert (reminded.approver, reminded.nth, reminded.due_at) == (TOM, 1, DUE)
    assert names(report).count("ApproverReminded") == 1


def test_nobody_is_reminded_of_what_is_decided_or_due_at_another_time() -> None:
    for report in (approved_once(), approved(), sent_back()):
        remind(report)
        assert "ApproverReminded" not in names(report)
    report = submitted()
    remind(report, due_at=DUE + timedelta(seconds=1))
    assert "ApproverReminded" not in names(report)


def test_a_reminder_that_comes_after_the_end_is_left_to_what_comes_then() -> None:
    report = submitted()
    remind(report, at=DUE)
    assert "ApproverReminded" not in names(report)


def test_others_hear_once_of_a_stage_that_is_overdue() -> None:
    report = submitted()
    escalate(report, at=DUE + timedelta(hours=3))
    escalate(report, at=DUE + timedelta(hours=4))
    escalated = last(report)
    assert isinstance(escalated, Report.StageEscalated)
    assert (escalated.approver, escalated.to, escalated.overdue_s) == (TOM, (ADA,), 3 * 3600)
    assert names(report).count("StageEscalated") == 1


def test_nothing_happens_before_its_time_though_a_clock_was_set_back() -> None:
    report = submitted()
    with pytest.raises(NotDueYet) as early:
        escalate(report, at=DUE - timedelta(seconds=5))
    assert early.value.retry_after_s == 5
    with pytest.raises(NotDueYet):
        remind(report, at=REMIND - timedelta(microseconds=1))
    assert not {"StageEscalated", "ApproverReminded"} & set(names(report))


def test_those_in_the_role_that_the_route_names_hear_of_it() -> None:
    report = submitted()
    stages = [Stage(1, Role.TECHNICAL_MANAGER, TOM, "", 120, (), Role.TECHNICAL_MANAGER), report.stages[1]]
    report.stages = tuple(stages)
    escalate(report)
    assert last(report).to == (ODA,)


def test_what_was_decided_in_time_is_not_escalated() -> None:
    report = approved_once()
    escalate(report)
    escalate(report, stage=2)
    assert "StageEscalated" not in names(report)


def test_an_overdue_stage_is_still_decided_by_its_approver() -> None:
    report = submitted()
    remind(report)
    escalate(report)
    approve(report, TOM, 1)
    assert report.open_stage is not None
    assert (report.open_stage.n, report.open_stage.reminded, report.open_stage.escalated) == (2, 0, False)


def test_a_stage_is_given_to_somebody_else_with_its_whole_time() -> None:
    report = submitted()
    remind(report)
    reassign(report, at=REMIND + timedelta(hours=1))

    given = last(report)
    assert isinstance(given, Report.StageReassigned)
    assert (given.previous, given.approver, given.by, given.reason) == (TOM, ODA, ADA, REASON)
    assert given.due_at == REMIND + timedelta(hours=121)
    assert report.approver_of(1) == ODA
    assert {each.stage: each.approver for each in report.approvers} == {1: ODA, 2: PIA}
    assert report.open_stage is not None
    assert (report.open_stage.opened_at, report.open_stage.reminded) == (OPENED, 0)
    escalate(report)
    assert last(report) is given
    approve(report, ODA, 1)


def test_a_later_stage_gets_its_time_when_its_turn_comes() -> None:
    report = submitted()
    later = roster()
    later.grant(minute(1), ODA, Role.PROJECT_MANAGER)
    report.reassign_stage(minute(9), PIA, 2, ODA, REASON, later)
    assert (last(report).due_at, last(report).remind_at) == (None, ())
    assert report.open_stage is not None
    assert report.open_stage.due_at == DUE
    approve(report, TOM, 1)
    assert last(report).approver == ODA


def test_the_same_person_is_not_asked_again() -> None:
    report = submitted()
    reassign(report, TOM)
    assert "StageReassigned" not in names(report)


def test_whoever_is_asked_instead_must_be_able_to_sign() -> None:
    for to, refusal in ((EVA, PreparerIsApprover), (ADA, NotEligible)):
        with pytest.raises(refusal):
            reassign(submitted(), to)
    both = roster()
    both.grant(minute(1), PIA, Role.TECHNICAL_MANAGER)
    with pytest.raises(OnePersonOneStage):
        submitted().reassign_stage(minute(9), ADA, 1, PIA, REASON, both)


def test_what_is_decided_or_not_in_review_is_given_to_nobody() -> None:
    for report in (approved_once(), approved(), sent_back()):
        with pytest.raises(StageNotOpen):
            reassign(report)
    with pytest.raises(UnknownStage):
        reassign(submitted(), stage=3)
    with pytest.raises(ReasonRequired):
        submitted().reassign_stage(minute(9), ADA, 1, ODA, "no", roster())
    assert approved().approver_of(7) is None


def test_a_route_may_name_its_reminders_and_who_hears_of_what_is_overdue() -> None:
    spelled = {
        "stage": 1,
        "role": "technical_manager",
        "title": "T",
        "reminder_hours": [48, 4],
        "escalate_to": "project_manager",
    }
    stage = RouteStage.of(spelled)
    assert (stage.reminder_hours, stage.escalate_to) == ((48, 4), Role.PROJECT_MANAGER)
