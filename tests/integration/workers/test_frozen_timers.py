"""Two workers, of which one is frozen and thawed, and a schedule that somebody keeps by cron."""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count, islice
from pathlib import Path
from uuid import uuid4

import pytest

from countersign.aggregates.schedule.cadence import Cadence, Rhythm
from countersign.aggregates.schedule.plan import Plan
from countersign.aggregates.schedule.report_query import ReportQuery
from countersign.aggregates.schedule.schedule import Schedule
from countersign.commands.schedule.create_schedule import CreateSchedule
from tests.integration.workers.clocked_worker import Clock, clocked_worker
from tests.integration.workers.freezing import freeze, thaw
from tests.integration.workers.plant import Plant
from tests.integration.workers.running import now, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.chaos]
STEP = timedelta(minutes=15)
PATIENCE_S = 30
logger = logging.getLogger(__name__)


def fired(plant: Plant) -> Counter[datetime]:
    """The due times that were made use of, and those that were noted as missed."""
    times: Counter[datetime] = Counter()
    for each in plant.events():
        match each.event:
            case Schedule.Fired(due_at=due_at):
                times[due_at] += 1
            case Schedule.Missed(first_due=first, count=number):
                times.update(first + n * STEP for n in range(number))
    return times


def kept(plant: Plant) -> datetime:
    """A schedule of every quarter of an hour; when it is due first."""
    schedule = uuid4()
    cadence = Cadence(rhythm=Rhythm.CRON, expression="*/15 * * * *", time_zone="Europe/Berlin")
    plan = Plan(name="Often", query=ReportQuery(), cadence=cadence, recipients=(plant.eva.account,))
    plant.give(CreateSchedule(schedule_id=schedule, plan=plan), plant.pia)
    due_at = plant.get(Schedule, schedule).next_due_at
    assert due_at is not None
    return due_at


def test_each_due_time_of_a_schedule_fires_once_though_workers_are_frozen_and_thawed(
    plant: Plant, database_url: str, tmp_path: Path
) -> None:
    plant.move_to(now())
    first, clock = kept(plant), Clock(tmp_path / "clock")
    passed = _passing(plant, clock, first)
    clock.move_to(plant.now)
    with (
        clocked_worker(database_url, "a", tmp_path / "clock") as a,
        clocked_worker(database_url, "b", tmp_path / "clock") as b,
    ):
        passed(2)
        for frozen in (a, b):
            freeze(frozen, database_url)
            longest_s = passed(3)
            logger.warning("%s: fired at most %.1f s late", plant.databases.read.dialect, longest_s)
            thaw(frozen)
            passed(2)
    seen = fired(plant)
    assert seen == Counter(first + n * STEP for n in range(12))


def _passing(plant: Plant, clock: Clock, first: datetime) -> Callable[[int], float]:
    """Lets due times come, one after the other; the longest that one of them took, in seconds."""
    coming = (first + n * STEP for n in count())

    def passed(number: int) -> float:
        return max(_comes(plant, clock, due_at) for due_at in islice(coming, number))

    return passed


def _comes(plant: Plant, clock: Clock, due_at: datetime) -> float:
    began = time.monotonic()
    clock.move_to(due_at + timedelta(seconds=1))
    wait_until(lambda: due_at in fired(plant), PATIENCE_S)
    return time.monotonic() - began
