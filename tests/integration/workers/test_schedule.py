"""Schedulers on a real log."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from countersign.aggregates.maintenance_job import MaintenanceJob
from countersign.eventstore.leases import Leases
from countersign.workers.options import ElectionOptions, ScheduleOptions
from countersign.workers.schedule import ROLE, Schedule, latest_due
from tests.integration.workers.plant import Plant
from tests.integration.workers.running import now, running, wait_until

QUICK = ElectionOptions(lease_s=0.8, heartbeat_s=0.1)


def a_schedule(plant: Plant, holder: str = "one", **every_s: int) -> Schedule:
    options = ScheduleOptions(every_s=every_s, election=QUICK)
    return Schedule(plant.dispatcher, Leases(plant.databases.read), holder, options, now)


def due_times(plant: Plant, kind: str = "health_check") -> list[datetime]:
    events = (each.event for each in plant.events())
    return [each.due_at for each in events if isinstance(each, MaintenanceJob.Created) and each.kind == kind]


@pytest.mark.parametrize(
    ("at", "every_s", "due"),
    [
        ("2026-03-01T12:00:59+00:00", 60, "2026-03-01T12:00:00+00:00"),
        ("2026-03-01T12:01:00+00:00", 60, "2026-03-01T12:01:00+00:00"),
        ("2026-03-01T23:59:59+00:00", 86_400, "2026-03-01T00:00:00+00:00"),
    ],
)
def test_due_times_are_multiples_of_the_interval(at: str, every_s: int, due: str) -> None:
    assert latest_due(datetime.fromisoformat(at), every_s) == datetime.fromisoformat(due)


def test_each_due_time_is_issued_once_by_two_schedulers(plant: Plant) -> None:
    schedules = [a_schedule(plant, name, health_check=1) for name in ("one", "two")]

    with running(*(schedule.run for schedule in schedules)):
        wait_until(lambda: len(due_times(plant)) >= 4)

    times = due_times(plant)
    assert len(set(times)) == len(times)
    assert {late - early for early, late in pairwise(times)} == {timedelta(seconds=1)}


def test_even_without_an_election_a_due_time_happens_once(plant: Plant) -> None:
    one, two = a_schedule(plant, "one", clean_up=86_400), a_schedule(plant, "two", clean_up=86_400)

    one.issue("clean_up")
    two.issue("clean_up")
    one.issue("clean_up")

    assert len(due_times(plant, "clean_up")) == 1


def test_another_takes_over_where_the_first_has_left(plant: Plant) -> None:
    with running(a_schedule(plant, "one", health_check=1).run):
        wait_until(lambda: due_times(plant))
    leases = Leases(plant.databases.read)
    assert leases.holder_of(ROLE) is None
    issued = len(due_times(plant))

    with running(a_schedule(plant, "two", health_check=1).run):
        wait_until(lambda: leases.holder_of(ROLE) == "two")
        wait_until(lambda: len(due_times(plant)) > issued)


def test_what_was_due_while_nobody_kept_the_schedule_is_issued_at_once(plant: Plant) -> None:
    with running(a_schedule(plant, clean_up=86_400).run):
        wait_until(lambda: due_times(plant, "clean_up"), within_s=3)

    midnight = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    assert due_times(plant, "clean_up") == [midnight]
