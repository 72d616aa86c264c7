"""Schedules that cannot go on, though nobody has paused them, and how many one may keep going."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from countersign.aggregates.role import Role
from countersign.aggregates.schedule.book import ScheduleBook, TooManySchedules, book_id
from countersign.aggregates.schedule.cadence import Cadence, InvalidSchedule, Rhythm
from countersign.aggregates.schedule.report_query import ReportQuery
from countersign.aggregates.schedule.schedule import Schedule
from countersign.aggregates.sought import Sought
from countersign.commands.account.change_role import ChangeRole
from countersign.commands.account.disable_account import DisableAccount
from countersign.commands.account.enable_account import EnableAccount
from countersign.commands.schedule.delete_schedule import DeleteSchedule
from countersign.commands.schedule.hindrance import ScheduleHindered
from countersign.commands.schedule.pause_schedule import PauseSchedule
from countersign.commands.schedule.resume_schedule import ResumeSchedule
from countersign.commands.schedule.run_schedule import RunSchedule
from countersign.commands.search.delete_search import DeleteSearch
from countersign.commands.search.save_search import SaveSearch
from countersign.commands.search.share_search import ShareSearch
from countersign.eventstore.context import Context
from countersign.eventstore.store import Store
from tests.unit.commands.people.service import Service
from tests.unit.commands.schedule.keeping import TOMORROW, a_plan, fire, joined, kept, state, told

EVERY_MINUTE = Cadence(rhythm=Rhythm.CRON, expression="* * * * *")


def searched(service: Service, owner: UUID) -> UUID:
    search = uuid4()
    service.give(SaveSearch(search_id=search, name="Pumps", sought=Sought(text="pump")), owner)
    return search


def from_before(service: Service, owner: UUID, **changes: Any) -> UUID:
    """A schedule of a time with fewer rules and no lists."""
    plan = a_plan(owner)
    schedule = Schedule.create(uuid4(), service.now, owner, plan, TOMORROW)
    if changes:
        old = {"plan": replace(plan, **changes), "next_due_at": TOMORROW}
        schedule.trigger_event(Schedule.Changed, timestamp=service.now, **old)
    context = Context(actor=owner, command_key=str(schedule.id), correlation="test")
    Store(service.shared, context, "CreateSchedule", b"", service.now).save(schedule)
    return schedule.id


def active(service: Service, owner: UUID) -> frozenset[UUID]:
    return service.state(ScheduleBook, book_id(owner)).active


def test_it_pauses_when_its_owner_may_not_come_in_any_more(
    service: Service, engineer: UUID, administrator: UUID
) -> None:
    schedule = kept(service, engineer)
    service.give(DisableAccount(account_id=engineer, reason="has left us"), administrator)
    service.now = TOMORROW
    fire(service, schedule)
    assert told(service, Schedule.Fired) == []
    assert (state(service, schedule).paused, state(service, schedule).next_due_at) == (True, None)
    assert state(service, schedule).paused_because == "the account of its owner is not active"
    assert active(service, engineer) == frozenset()

    for command in (ResumeSchedule, RunSchedule):
        with pytest.raises(ScheduleHindered, match="owner is not active"):
            service.give(command(schedule_id=schedule), administrator)
    service.give(EnableAccount(account_id=engineer), administrator)
    service.give(ResumeSchedule(schedule_id=schedule), engineer)
    assert state(service, schedule).paused_because == ""


def test_an_owner_who_is_back_in_time_has_lost_nothing(
    service: Service, engineer: UUID, administrator: UUID
) -> None:
    schedule = kept(service, engineer)
    service.give(DisableAccount(account_id=engineer, reason="lost the key"), administrator)
    service.give(EnableAccount(account_id=engineer), administrator)
    service.now = TOMORROW
    fire(service, schedule)
    assert len(told(service, Schedule.Fired)) == 1


def test_it_pauses_when_the_role_of_its_owner_keeps_none(
    service: Service, engineer: UUID, administrator: UUID
) -> None:
    schedule = kept(service, engineer)
    service.give(ChangeRole(account_id=engineer, role=Role.AUDITOR), administrator)
    service.now = TOMORROW
    fire(service, schedule)
    assert state(service, schedule).paused_because == "the role of its owner keeps no schedules"


def test_it_tells_of_a_search_as_long_as_its_owner_finds_that(service: Service, engineer: UUID) -> None:
    search = searched(service, engineer)
    schedule = kept(service, engineer, search=search)
    service.now = TOMORROW
    fire(service, schedule)
    service.give(DeleteSearch(search_id=search), engineer)
    service.now += timedelta(days=1)
    fire(service, schedule, service.now)
    assert len(told(service, Schedule.Fired)) == 1
    assert "saved search" in state(service, schedule).paused_because


def test_a_search_of_somebody_else_serves_while_it_is_shared(
    service: Service, engineer: UUID, administrator: UUID
) -> None:
    search = searched(service, administrator)
    service.give(ShareSearch(search_id=search, everybody=True), administrator)
    schedule = kept(service, engineer, search=search)
    service.give(ShareSearch(search_id=search), administrator)
    service.now = TOMORROW
    fire(service, schedule)
    assert state(service, schedule).paused


def test_one_from_before_that_is_due_too_often_pauses(service: Service, engineer: UUID) -> None:
    schedule = from_before(service, engineer, cadence=EVERY_MINUTE)
    service.now = TOMORROW
    fire(service, schedule)
    assert "more often than every 15 minutes" in state(service, schedule).paused_because


def test_nothing_is_paused_before_its_time_or_when_it_is_not_due(
    service: Service, engineer: UUID, administrator: UUID
) -> None:
    schedule = kept(service, engineer)
    service.give(DisableAccount(account_id=engineer, reason="has left us"), administrator)
    service.now = TOMORROW
    fire(service, schedule, TOMORROW - timedelta(hours=1))
    assert not state(service, schedule).paused


def test_one_person_keeps_so_many_going_and_no_more(service: Service, engineer: UUID) -> None:
    service.dispatcher = service.another_dispatcher(active_schedules_max=2)
    first, _second = kept(service, engineer), kept(service, engineer)
    with pytest.raises(TooManySchedules, match="2 schedules are active"):
        kept(service, engineer)
    service.give(PauseSchedule(schedule_id=first), engineer)
    third = kept(service, engineer)
    with pytest.raises(TooManySchedules):
        service.give(ResumeSchedule(schedule_id=first), engineer)
    service.give(DeleteSchedule(schedule_id=third), engineer)
    service.give(ResumeSchedule(schedule_id=first), engineer)


def test_the_schedules_of_others_do_not_count(service: Service, engineer: UUID, administrator: UUID) -> None:
    service.dispatcher = service.another_dispatcher(active_schedules_max=1)
    kept(service, engineer)
    kept(service, joined(service, administrator, Role.PROJECT_MANAGER))


def test_those_from_before_count_once_they_were_due(service: Service, engineer: UUID) -> None:
    old = from_before(service, engineer)
    service.dispatcher = service.another_dispatcher(active_schedules_max=1)
    service.now = TOMORROW
    for _ in range(2):
        fire(service, old)
    assert active(service, engineer) == {old}
    with pytest.raises(TooManySchedules):
        kept(service, engineer)


def test_either_a_search_or_a_query_says_which_reports(service: Service, engineer: UUID) -> None:
    with pytest.raises(InvalidSchedule) as refused:
        kept(service, engineer, search=searched(service, engineer), query=ReportQuery(overdue=True))
    assert refused.value.pointers == (("/query", "does not go with a saved search"),)
