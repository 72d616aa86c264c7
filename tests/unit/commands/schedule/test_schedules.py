"""Reports on reports that are made again and again: due once, paused, resumed, run on demand."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from countersign.aggregates.due import NotDueYet
from countersign.aggregates.periodic_work import MissedPolicy
from countersign.aggregates.role import Role
from countersign.aggregates.schedule.cadence import Cadence, InvalidSchedule, Rhythm
from countersign.aggregates.schedule.report_query import ReportQuery
from countersign.aggregates.schedule.runs import RunState
from countersign.aggregates.schedule.schedule import Schedule, ScheduleDeleted
from countersign.commands.permit import NotPermitted
from countersign.commands.schedule.create_schedule import CreateSchedule, ScheduleExists
from countersign.commands.schedule.delete_schedule import DeleteSchedule
from countersign.commands.schedule.pause_schedule import PauseSchedule
from countersign.commands.schedule.record_schedule_run import RecordScheduleRun
from countersign.commands.schedule.resume_schedule import ResumeSchedule
from countersign.commands.schedule.run_schedule import RunSchedule
from tests.unit.commands.people.service import Service
from tests.unit.commands.schedule.keeping import TOMORROW, a_plan, fire, joined, kept, state, told


def test_a_new_schedule_is_due_by_the_clocks_of_its_place(service: Service, engineer: UUID) -> None:
    schedule = state(service, kept(service, engineer))
    assert (schedule.owner, schedule.next_due_at, schedule.latest) == (engineer, TOMORROW, None)


def test_what_is_due_is_run_once_however_often_its_timer_fires(service: Service, engineer: UUID) -> None:
    schedule = kept(service, engineer)
    service.now = TOMORROW
    for _ in range(3):
        fire(service, schedule)
    (fired,) = told(service, Schedule.Fired)
    assert (fired.due_at, fired.next_due_at, fired.by) == (TOMORROW, TOMORROW + timedelta(days=1), None)
    assert told(service, Schedule.Missed) == []


def test_nothing_is_run_before_its_time(service: Service, engineer: UUID) -> None:
    schedule = kept(service, engineer)
    with pytest.raises(NotDueYet):
        fire(service, schedule)


def test_one_run_makes_up_for_a_week_without_workers(service: Service, engineer: UUID) -> None:
    schedule = kept(service, engineer)
    service.now = TOMORROW + timedelta(days=7, hours=1)
    fire(service, schedule)
    (missed,), (fired,) = told(service, Schedule.Missed), told(service, Schedule.Fired)
    assert (missed.first_due, missed.count, missed.next_due_at) == (TOMORROW, 7, None)
    assert fired.due_at == TOMORROW + timedelta(days=7)
    assert state(service, schedule).next_due_at == TOMORROW + timedelta(days=8)


def test_what_was_missed_is_left_out_where_the_plan_says_so(service: Service, engineer: UUID) -> None:
    schedule = kept(service, engineer, missed=MissedPolicy.SKIP)
    service.now = TOMORROW + timedelta(days=1, hours=1)
    fire(service, schedule)
    (missed,) = told(service, Schedule.Missed)
    assert (missed.count, missed.last_due) == (2, TOMORROW + timedelta(days=1))
    assert told(service, Schedule.Fired) == []
    assert state(service, schedule).next_due_at == TOMORROW + timedelta(days=2)


def test_a_little_late_is_not_missed(service: Service, engineer: UUID) -> None:
    schedule = kept(service, engineer, missed=MissedPolicy.SKIP)
    service.now = TOMORROW + timedelta(minutes=10)
    fire(service, schedule)
    assert [event.due_at for event in told(service, Schedule.Fired)] == [TOMORROW]


@pytest.mark.parametrize(
    ("rule", "last", "count"), [("*/15 * * * *", 2400, 96), ("*/15 * 1-12 * *", 1016, 1016)]
)
def test_of_very_many_missed_times_the_latest_count(
    service: Service, engineer: UUID, rule: str, last: int, count: int
) -> None:
    schedule = kept(service, engineer, cadence=Cadence(rhythm=Rhythm.CRON, expression=rule))
    due_at = state(service, schedule).next_due_at
    assert due_at is not None
    service.now = due_at + timedelta(days=25)
    fire(service, schedule, due_at)
    (missed,), (fired,) = told(service, Schedule.Missed), told(service, Schedule.Fired)
    assert fired.due_at == due_at + last * timedelta(minutes=15)
    assert (missed.first_due, missed.count) == (due_at, count)


def test_a_paused_schedule_sends_nothing_and_misses_nothing(service: Service, engineer: UUID) -> None:
    schedule = kept(service, engineer)
    for _ in range(2):
        service.give(PauseSchedule(schedule_id=schedule), engineer)
    service.now = TOMORROW + timedelta(days=3)
    fire(service, schedule)
    for _ in range(2):
        service.give(ResumeSchedule(schedule_id=schedule), engineer)
    assert told(service, Schedule.Missed) + told(service, Schedule.Fired) == []
    assert [len(told(service, kind)) for kind in (Schedule.Paused, Schedule.Resumed)] == [1, 1]
    assert state(service, schedule).next_due_at == TOMORROW + timedelta(days=4)


def test_a_run_on_demand_leaves_the_due_times_as_they_are(service: Service, engineer: UUID) -> None:
    schedule = kept(service, engineer)
    service.give(RunSchedule(schedule_id=schedule), engineer)
    (fired,) = told(service, Schedule.Fired)
    assert (fired.by, fired.due_at) == (engineer, service.now)
    assert state(service, schedule).next_due_at == TOMORROW


def test_what_came_of_a_run_is_kept(service: Service, engineer: UUID) -> None:
    schedule = kept(service, engineer)
    service.give(RunSchedule(schedule_id=schedule), engineer)
    (fired,) = told(service, Schedule.Fired)
    run = {"schedule_id": schedule, "run_id": fired.run_id}

    service.give(RecordScheduleRun(**run, failure_class="transient", message="no database"))
    latest = state(service, schedule).latest
    assert latest is not None
    assert (latest.state, latest.error) == (RunState.FAILED, "no database")
    service.give(RecordScheduleRun(**run, mails=1, rows=12))
    for late in (
        RecordScheduleRun(**run, mails=2),
        RecordScheduleRun(**run, failure_class="unknown", message="late"),
    ):
        service.give(late)

    latest = state(service, schedule).latest
    assert latest is not None
    assert (latest.state, latest.mails, latest.rows, latest.error) == (RunState.SUCCEEDED, 1, 12, "")


def test_an_earlier_run_does_not_speak_for_the_latest(service: Service, engineer: UUID) -> None:
    schedule = kept(service, engineer)
    service.give(RecordScheduleRun(schedule_id=schedule, run_id=uuid4(), mails=9))
    service.give(RunSchedule(schedule_id=schedule), engineer)
    service.give(RecordScheduleRun(schedule_id=schedule, run_id=uuid4(), mails=9))
    latest = state(service, schedule).latest
    assert latest is not None
    assert latest.state is RunState.RUNNING


def test_a_deleted_schedule_does_nothing_more(service: Service, engineer: UUID) -> None:
    schedule = kept(service, engineer)
    for _ in range(2):
        service.give(DeleteSchedule(schedule_id=schedule), engineer)
    service.now = TOMORROW
    fire(service, schedule)
    assert told(service, Schedule.Fired) == []
    for command in (PauseSchedule, ResumeSchedule, RunSchedule):
        with pytest.raises(ScheduleDeleted):
            service.give(command(schedule_id=schedule), engineer)


def test_a_schedule_is_made_once(service: Service, engineer: UUID) -> None:
    schedule = kept(service, engineer)
    with pytest.raises(ScheduleExists):
        service.give(CreateSchedule(schedule_id=schedule, plan=a_plan(engineer)), engineer)


def test_others_leave_a_schedule_alone_but_for_who_runs_the_machine(
    service: Service, engineer: UUID, administrator: UUID
) -> None:
    schedule = kept(service, engineer)
    manager = joined(service, administrator, Role.PROJECT_MANAGER)
    with pytest.raises(NotPermitted):
        service.give(PauseSchedule(schedule_id=schedule), manager)
    service.give(PauseSchedule(schedule_id=schedule), joined(service, administrator, Role.OPERATOR))
    with pytest.raises(NotPermitted):
        kept(service, joined(service, administrator, Role.AUDITOR))


@pytest.mark.parametrize(
    ("change", "pointers"),
    [
        ({"name": " "}, {"/name"}),
        ({"name": "x" * 101}, {"/name"}),
        ({"name": "line\nbreak"}, {"/name"}),
        ({"recipients": ()}, {"/recipients"}),
        ({"query": ReportQuery(text="")}, {"/query/text"}),
        ({"query": ReportQuery(text="x" * 201)}, {"/query/text"}),
        ({"cadence": Cadence(rhythm=Rhythm.DAILY)}, {"/cadence/at"}),
        ({"cadence": Cadence(rhythm=Rhythm.CRON, expression="0 0 31 2 *")}, {"/cadence"}),
        ({"recipients": (UUID(int=1),)}, {"/recipients/0"}),
    ],
)
def test_a_plan_that_nobody_could_use_is_refused_where_it_is_wrong(
    service: Service, engineer: UUID, change: dict[str, Any], pointers: set[str]
) -> None:
    with pytest.raises(InvalidSchedule) as refused:
        kept(service, engineer, **change)
    assert {pointer for pointer, _ in refused.value.pointers} == pointers


def test_nobody_is_named_twice(service: Service, engineer: UUID) -> None:
    with pytest.raises(InvalidSchedule):
        kept(service, engineer, recipients=(engineer, engineer))
