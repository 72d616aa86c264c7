"""Due times that nobody saw to are noted, once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from countersign.aggregates.maintenance_job import MaintenanceJob
from countersign.aggregates.periodic_work import MissedPolicy, NotedAhead, PeriodicWork, periodic_work_id
from countersign.commands.maintenance.due_maintenance import DueMaintenance
from countersign.commands.maintenance.note_missed_work import NoteMissedWork
from tests.unit.commands.people.service import Service

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
TUESDAY, WEDNESDAY = MONDAY + timedelta(days=1), MONDAY + timedelta(days=2)
MISSED = NoteMissedWork(kind="clean_up", times=(MONDAY, TUESDAY), policy=MissedPolicy.SKIP)


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    with closing(Service(tmp_path)) as service:
        service.now = WEDNESDAY + timedelta(minutes=1)
        yield service


def missed(service: Service) -> list[PeriodicWork.Missed]:
    events = (happened.event for happened in service.happened())
    return [event for event in events if isinstance(event, PeriodicWork.Missed)]


def due(service: Service) -> list[datetime]:
    events = (happened.event for happened in service.happened())
    return [event.due_at for event in events if isinstance(event, MaintenanceJob.Created)]


def test_the_same_missed_times_are_noted_once_whoever_finds_them(service: Service) -> None:
    service.give(MISSED)
    service.give(MISSED)
    service.give(replace(MISSED, times=(MONDAY, TUESDAY, WEDNESDAY)))

    first, second = missed(service)
    assert (first.kind, first.count, first.policy) == ("clean_up", 2, MissedPolicy.SKIP)
    assert (first.first_due, first.last_due) == (MONDAY, TUESDAY)
    assert (second.first_due, second.count) == (WEDNESDAY, 1)
    assert service.state(PeriodicWork, periodic_work_id("clean_up")).missed_until == WEDNESDAY


def test_what_was_seen_to_by_a_schedule_that_could_not_say_so_was_not_missed(service: Service) -> None:
    service.give(DueMaintenance(kind="clean_up", due_at=MONDAY))
    service.give(MISSED)
    (only,) = missed(service)
    assert (only.first_due, only.count) == (TUESDAY, 1)


def test_what_was_noted_as_missed_is_not_done_by_a_schedule_that_slept_meanwhile(service: Service) -> None:
    service.give(MISSED)
    for due_at in (MONDAY, TUESDAY, WEDNESDAY):
        service.give(DueMaintenance(kind="clean_up", due_at=due_at))
    assert due(service) == [WEDNESDAY]


def test_what_a_clock_that_was_ahead_called_missed_is_done_when_it_comes(service: Service) -> None:
    service.give(replace(MISSED, times=(MONDAY, TUESDAY, WEDNESDAY)))
    service.now = TUESDAY
    due_now = DueMaintenance(kind="clean_up", due_at=TUESDAY)
    for early in (due_now, MISSED):
        with pytest.raises(NotedAhead):
            service.give(early)
    service.give(replace(due_now, anew=True))
    service.give(replace(MISSED, times=(MONDAY,), anew=True))
    assert due(service) == [TUESDAY]
    assert [event.last_due for event in missed(service)] == [WEDNESDAY, MONDAY]
