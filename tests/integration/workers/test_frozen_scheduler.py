"""Two schedulers in processes of their own, of which one is frozen and thawed."""

from __future__ import annotations

import signal
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from countersign.aggregates.maintenance_job import MaintenanceJob
from countersign.aggregates.periodic_work import PeriodicWork
from countersign.eventstore.leases import Leases
from countersign.workers.schedule import ROLE
from tests.integration.workers.plant import Plant
from tests.integration.workers.running import wait_until
from tests.integration.workers.scheduler_process import scheduler_process

# On SQLite a process that is frozen while it writes holds up the others: they share one file on one machine.
pytestmark = [
    pytest.mark.slow,
    pytest.mark.chaos,
    pytest.mark.postgres,
    pytest.mark.parametrize("database_url", ["postgresql"], indirect=True),
]
SECOND = timedelta(seconds=1)
PATIENCE_S = 20  # it may be frozen in the middle of a transaction, which the server ends after 2 s


def due_times(plant: Plant) -> list[datetime]:
    events = (each.event for each in plant.events())
    return [each.due_at for each in events if isinstance(each, MaintenanceJob.Created)]


def missed_times(plant: Plant) -> Iterator[datetime]:
    for each in plant.events():
        if isinstance(each.event, PeriodicWork.Missed):
            yield from (each.event.first_due + n * SECOND for n in range(each.event.count))


def test_each_due_time_fires_once_or_is_noted_as_missed_though_the_keeper_is_frozen_and_thawed(
    plant: Plant, database_url: str
) -> None:
    leases = Leases(plant.databases.read)
    with scheduler_process(database_url, "a") as a, scheduler_process(database_url, "b") as b:
        processes = {"a": a, "b": b}
        wait_until(lambda: due_times(plant), within_s=60)
        keeper = leases.holder_of(ROLE)
        assert keeper is not None
        other = "b" if keeper == "a" else "a"
        processes[keeper].send_signal(signal.SIGSTOP)
        told = len(due_times(plant))
        wait_until(lambda: leases.holder_of(ROLE) == other, PATIENCE_S)
        wait_until(lambda: len(due_times(plant)) > told, PATIENCE_S)
        processes[keeper].send_signal(signal.SIGCONT)
        thawed = len(due_times(plant))
        wait_until(lambda: len(due_times(plant)) >= thawed + 2, PATIENCE_S)

    seen = Counter(due_times(plant)) + Counter(missed_times(plant))
    period = (max(seen) - min(seen)) // SECOND + 1
    assert seen == Counter(min(seen) + n * SECOND for n in range(period))
