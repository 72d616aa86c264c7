"""A schedule that is given another plan."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from countersign.aggregates.role import Role
from countersign.aggregates.schedule.cadence import Cadence, InvalidSchedule, Rhythm, Weekday
from countersign.aggregates.schedule.plan import Plan
from countersign.aggregates.schedule.schedule import Schedule, ScheduleDeleted
from countersign.commands.permit import NotPermitted
from countersign.commands.schedule.change_schedule import ChangeSchedule
from countersign.commands.schedule.delete_schedule import DeleteSchedule
from countersign.commands.schedule.pause_schedule import PauseSchedule
from countersign.commands.schedule.resume_schedule import ResumeSchedule
from countersign.eventstore.store import StaleVersion
from tests.unit.commands.people.service import Service
from tests.unit.commands.schedule.keeping import TOMORROW, a_plan, fire, joined, kept, state, told

AT_NOON = Cadence(rhythm=Rhythm.DAILY, at="12:00")
NOON = TOMORROW.replace(hour=12)


def change(service: Service, schedule: UUID, actor: UUID, plan: Plan, version: int | None = None) -> None:
    seen = version or state(service, schedule).version
    service.give(ChangeSchedule(schedule_id=schedule, expected_version=seen, plan=plan), actor)


def test_it_is_due_by_its_new_rhythm_and_not_by_the_old_one(service: Service, engineer: UUID) -> None:
    schedule = kept(service, engineer)
    service.later(hours=10)  # past today's noon
    change(service, schedule, engineer, a_plan(engineer, name="At noon", cadence=AT_NOON))
    changed = state(service, schedule)
    assert (changed.plan.name, changed.next_due_at) == ("At noon", NOON)
    service.now = NOON
    fire(service, schedule, TOMORROW)
    assert told(service, Schedule.Fired) == []
    fire(service, schedule, NOON)
    assert [event.due_at for event in told(service, Schedule.Fired)] == [NOON]


def test_a_due_time_that_has_come_survives_another_name(service: Service, engineer: UUID) -> None:
    schedule = kept(service, engineer)
    service.now = TOMORROW + timedelta(minutes=1)
    change(service, schedule, engineer, a_plan(engineer, name="Another"))
    fire(service, schedule)
    assert [event.due_at for event in told(service, Schedule.Fired)] == [TOMORROW]


def test_what_is_paused_stays_so(service: Service, engineer: UUID) -> None:
    schedule = kept(service, engineer)
    service.give(PauseSchedule(schedule_id=schedule), engineer)
    change(service, schedule, engineer, a_plan(engineer, cadence=AT_NOON))
    assert state(service, schedule).next_due_at is None
    service.give(ResumeSchedule(schedule_id=schedule), engineer)
    assert state(service, schedule).next_due_at == NOON - timedelta(days=1)


def test_no_change_is_none(service: Service, engineer: UUID) -> None:
    schedule = kept(service, engineer)
    change(service, schedule, engineer, a_plan(engineer))
    assert told(service, Schedule.Changed) == []


def test_who_has_seen_an_older_plan_changes_nothing(service: Service, engineer: UUID) -> None:
    schedule = kept(service, engineer)
    change(service, schedule, engineer, a_plan(engineer, name="First"))
    with pytest.raises(StaleVersion):
        change(service, schedule, engineer, a_plan(engineer, name="Second"), version=1)


def test_others_change_none_but_for_who_runs_the_machine(
    service: Service, engineer: UUID, administrator: UUID
) -> None:
    schedule, plan = kept(service, engineer), a_plan(engineer, name="Another")
    with pytest.raises(NotPermitted):
        change(service, schedule, joined(service, administrator, Role.PROJECT_MANAGER), plan)
    change(service, schedule, joined(service, administrator, Role.OPERATOR), plan)
    assert state(service, schedule).owner == engineer


def test_what_was_deleted_is_not_changed(service: Service, engineer: UUID) -> None:
    schedule = kept(service, engineer)
    service.give(DeleteSchedule(schedule_id=schedule), engineer)
    with pytest.raises(ScheduleDeleted):
        change(service, schedule, engineer, a_plan(engineer, name="Another"))


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"cadence": Cadence(rhythm=Rhythm.CRON, expression="*/5 * * * *")}, "/cadence/expression"),
        ({"cadence": Cadence(rhythm=Rhythm.CRON, expression="0 0 31 2 *")}, "/cadence"),
        (
            {"cadence": Cadence(rhythm=Rhythm.WEEKLY, at="06:00", weekdays=(Weekday.MONDAY,) * 2)},
            "/cadence/weekdays",
        ),
        ({"recipients": (UUID(int=1),)}, "/recipients/0"),
        ({"search": UUID(int=1)}, "/search"),
    ],
)
def test_a_plan_that_could_not_be_kept_is_refused_at_first_and_later(
    service: Service, engineer: UUID, wrong: dict[str, Any], pointer: str
) -> None:
    with pytest.raises(InvalidSchedule) as at_first:
        kept(service, engineer, **wrong)
    schedule = kept(service, engineer)
    with pytest.raises(InvalidSchedule) as later:
        change(service, schedule, engineer, a_plan(engineer, **wrong))
    for refused in (at_first, later):
        assert [each for each, _ in refused.value.pointers] == [pointer]
