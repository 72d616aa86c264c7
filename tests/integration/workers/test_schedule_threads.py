"""The two threads of a scheduler: the one that waits for due times, and the one that keeps the role."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from countersign.aggregates.maintenance_job import MaintenanceJob
from countersign.aggregates.periodic_work import PeriodicWork
from countersign.commands.dispatch import Dispatcher
from countersign.eventstore.context import Context
from countersign.eventstore.leases import Leases
from countersign.eventstore.log import LogUnavailable
from countersign.eventstore.receipt import Receipt
from countersign.workers.options import ElectionOptions, Periodic, ScheduleOptions
from countersign.workers.schedule import Schedule
from tests.integration.workers.plant import Plant
from tests.integration.workers.running import now, running, wait_until

OPTIONS = ScheduleOptions(
    work={"health_check": Periodic(every_s=2)},
    election=ElectionOptions(lease_s=2.0, heartbeat_s=0.05),
)


class Troubled:
    """A way in that has trouble with the second command, and counts who is in it at the same time."""

    def __init__(self, real: Dispatcher, trouble: Callable[[], None]) -> None:
        self._real, self._trouble = real, trouble
        self._lock = threading.Lock()
        self._inside = self._given = self.most_inside = 0

    def dispatch(self, command: Any, context: Context) -> Receipt:
        with self._lock:
            self._inside, self._given = self._inside + 1, self._given + 1
            self.most_inside, second = max(self.most_inside, self._inside), self._given == 2
        try:
            if second:
                self._trouble()
            return self._real.dispatch(command, context)
        finally:
            with self._lock:
                self._inside -= 1


def due_times(plant: Plant) -> list[datetime]:
    return [each.event.due_at for each in plant.events() if isinstance(each.event, MaintenanceJob.Created)]


def keep(plant: Plant, trouble: Callable[[], None]) -> Troubled:
    """Keep the schedule for two due times, with that trouble at the second."""
    read = plant.databases.read
    troubled = Troubled(plant.dispatcher, trouble)
    with running(Schedule(troubled, read, Leases(read), "one", OPTIONS, now).run):
        wait_until(lambda: len(due_times(plant)) >= 2)
    return troubled


def test_no_two_threads_look_at_the_same_time(plant: Plant) -> None:
    slow = keep(plant, lambda: time.sleep(0.5))  # ten times that the role is renewed

    assert slow.most_inside == 1


def test_what_could_not_be_said_when_it_was_due_is_said_before_the_next_due_time(plant: Plant) -> None:
    def away() -> None:
        raise LogUnavailable("locked", retry_after_s=0.1)

    keep(plant, away)

    times = due_times(plant)
    assert {late - early for early, late in pairwise(times)} == {timedelta(seconds=2)}
    assert not [each for each in plant.events() if isinstance(each.event, PeriodicWork.Missed)]
