"""Schedulers on a real log."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from countersign.aggregates.maintenance_job import MaintenanceJob
from countersign.aggregates.periodic_work import MissedPolicy, PeriodicWork
from countersign.eventstore.leases import LeaseLost, Leases
from countersign.eventstore.wakeups import EFFECTS
from countersign.projections.work.periodic_runs import last_run
from countersign.projections.work.periodic_times import periodic_times
from countersign.workers.effect import State
from countersign.workers.effect_board import EffectBoard
from countersign.workers.options import ElectionOptions, Periodic, ScheduleOptions, SmtpOptions
from countersign.workers.periodic.issuing import Issuing
from countersign.workers.periodic.rule import Every
from countersign.workers.rendering.renderer import Renderer
from countersign.workers.schedule import ROLE, Schedule
from tests.integration.workers.plant import Plant, settings
from tests.integration.workers.running import now, running, wait_until

NOWHERE = SmtpOptions(host="127.0.0.1", port=9, from_address="c@example.org")
QUICK = ElectionOptions(lease_s=0.8, heartbeat_s=0.1)


def a_schedule(
    plant: Plant, holder: str = "one", clock: Callable[[], datetime] = now, **every_s: int
) -> Schedule:
    work = {kind: Periodic(every_s=seconds) for kind, seconds in every_s.items()}
    options = ScheduleOptions(work=work, grace_s=0.5, election=QUICK)
    read = plant.databases.read
    return Schedule(plant.dispatcher, read, Leases(read), holder, options, clock)


def due_times(plant: Plant, kind: str = "health_check") -> list[datetime]:
    events = (each.event for each in plant.events())
    return [each.due_at for each in events if isinstance(each, MaintenanceJob.Created) and each.kind == kind]


def test_each_due_time_is_issued_once_by_two_schedulers(plant: Plant) -> None:
    schedules = [a_schedule(plant, name, health_check=1) for name in ("one", "two")]

    with running(*(schedule.run for schedule in schedules)):
        wait_until(lambda: len(due_times(plant)) >= 4)

    times = due_times(plant)
    assert len(set(times)) == len(times)
    assert {late - early for early, late in pairwise(times)} == {timedelta(seconds=1)}


def test_who_has_lost_the_role_unknowingly_does_nothing_twice_and_writes_nothing_down(plant: Plant) -> None:
    read = plant.databases.read
    leases = Leases(read)
    lost = leases.acquire(ROLE, "one", 0.0)
    kept = leases.acquire(ROLE, "two", 60.0)
    assert lost is not None
    assert kept is not None
    options = ScheduleOptions(work={"clean_up": Periodic(every_s=86_400)})
    issuing = Issuing(plant.dispatcher, read, leases, options, {"clean_up": Every(86_400)}, now)

    with pytest.raises(LeaseLost):
        issuing.look_at("clean_up", lost)
    assert periodic_times(read) == ()
    issuing.look_at("clean_up", kept)
    issuing.look_at("clean_up", kept)

    assert len(due_times(plant, "clean_up")) == 1
    (times,) = periodic_times(read)
    assert [times.seen_to] == due_times(plant, "clean_up")
    assert times.seen_to is not None
    assert times.next_due_at == times.seen_to + timedelta(days=1)


def test_what_was_missed_while_nobody_kept_the_schedule_is_noted(plant: Plant) -> None:
    with running(a_schedule(plant, health_check=1).run):
        wait_until(lambda: due_times(plant))
    seen_to = due_times(plant)[-1]
    later = a_schedule(plant, "two", lambda: now() + timedelta(hours=1), health_check=1)
    with running(later.run):
        wait_until(lambda: due_times(plant)[-1] > seen_to)

    (missed,) = (each.event for each in plant.events() if isinstance(each.event, PeriodicWork.Missed))
    assert (missed.kind, missed.policy) == ("health_check", MissedPolicy.ONCE)
    assert missed.last_due > missed.first_due > seen_to
    assert missed.last_due < due_times(plant)[-1]


def test_a_clock_that_is_set_back_by_an_hour_does_not_stop_the_work(plant: Plant) -> None:
    ahead = [timedelta(hours=1)]
    with running(a_schedule(plant, clock=lambda: now() + ahead[0], health_check=1).run):
        wait_until(lambda: due_times(plant))
        ahead[0] = timedelta()
        told = len(due_times(plant))
        wait_until(lambda: len(due_times(plant)) >= told + 2)

    times = due_times(plant)
    assert len(set(times)) == len(times)
    assert times[-1] <= now()


def test_another_takes_over_where_the_first_has_left(plant: Plant) -> None:
    with running(a_schedule(plant, "one", health_check=1).run):
        wait_until(lambda: due_times(plant))
    leases = Leases(plant.databases.read)
    assert leases.holder_of(ROLE) is None
    issued = len(due_times(plant))

    with running(a_schedule(plant, "two", health_check=1).run):
        wait_until(lambda: leases.holder_of(ROLE) == "two")
        wait_until(lambda: len(due_times(plant)) > issued)


def test_quiet_work_is_done_at_each_due_time_and_the_log_hears_of_it_once(plant: Plant) -> None:
    read = plant.databases.read
    options = ScheduleOptions(work={"mail_digest": Periodic(every_s=1, quiet=True)}, election=QUICK)
    done = EffectBoard(read)

    def signal() -> None:
        plant.wakeups.signal(EFFECTS)

    schedule = Schedule(plant.dispatcher, read, Leases(read), "one", options, now, on_quiet_run=signal)
    workers = plant.worker(settings(plant.folder, NOWHERE), Renderer(), only=("maintenance",))
    with running(schedule.run, *workers):
        wait_until(lambda: len(done.listed([State.DONE])) >= 2)

    assert plant.topics().count("maintenance.due") == plant.topics().count("maintenance.completed") == 1
    due = {each.payload["due_at"] for each in done.listed()}
    assert len(due) == len(done.listed())
    run = last_run(read, "mail_digest")
    assert run is not None
    assert run.error is None


def test_what_was_due_while_nobody_kept_the_schedule_is_issued_at_once(plant: Plant) -> None:
    with running(a_schedule(plant, clean_up=86_400).run):
        wait_until(lambda: due_times(plant, "clean_up"), within_s=3)

    midnight = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    assert due_times(plant, "clean_up") == [midnight]
