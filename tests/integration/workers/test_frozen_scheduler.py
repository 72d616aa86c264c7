"""Two schedulers in processes of their own, of which one is frozen and thawed."""

from __future__ import annotations

import logging
import time
from collections import Counter
from datetime import datetime, timedelta

import pytest

from countersign.aggregates.maintenance_job import MaintenanceJob
from countersign.aggregates.periodic_work import PeriodicWork
from countersign.eventstore.leases import Leases
from countersign.workers.effect_board import EffectBoard
from countersign.workers.kinds import QUIET_RUN
from countersign.workers.schedule import ROLE
from tests.integration.workers.freezing import freeze, thaw
from tests.integration.workers.plant import Plant
from tests.integration.workers.running import now, wait_until
from tests.integration.workers.scheduler_process import BY_CRON, EVERY_SECOND, QUIETLY, scheduler_process

pytestmark = [pytest.mark.slow, pytest.mark.chaos]
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
STEPS = {EVERY_SECOND: SECOND, QUIETLY: SECOND, BY_CRON: MINUTE}
PATIENCE_S = 20  # it may be frozen in the middle of a transaction, which the server ends after 2 s
logger = logging.getLogger(__name__)


def said(plant: Plant, kind: str) -> Counter[datetime]:
    """The due times for which there is work, and those that were noted as missed."""
    times: Counter[datetime] = Counter()
    for each in plant.events():
        match each.event:
            case MaintenanceJob.Created(kind=of, due_at=due_at) if of == kind:
                times[due_at] += 1
            case PeriodicWork.Missed(kind=of, first_due=first, count=count) if of == kind:
                times.update(first + n * STEPS[kind] for n in range(count))
    quiet = [each for each in EffectBoard(plant.databases.read).listed() if each.kind == QUIET_RUN]
    times.update(
        datetime.fromisoformat(each.payload["due_at"]) for each in quiet if each.payload["kind"] == kind
    )
    return times


def each_once(first: datetime, last: datetime, every: timedelta) -> Counter[datetime]:
    return Counter(first + n * every for n in range((last - first) // every + 1))


def test_each_due_time_is_said_once_though_the_keeper_is_frozen_and_thawed(
    plant: Plant, database_url: str
) -> None:
    leases = Leases(plant.databases.read)
    with scheduler_process(database_url, "a") as a, scheduler_process(database_url, "b") as b:
        processes = {"a": a, "b": b}
        wait_until(lambda: said(plant, EVERY_SECOND), within_s=60)
        wait_until(lambda: now().second in (56, 57), within_s=61)
        full_minute = now().replace(second=0, microsecond=0) + MINUTE
        keeper = leases.holder_of(ROLE)
        assert keeper is not None
        other = "b" if keeper == "a" else "a"
        freeze(processes[keeper], database_url)
        frozen, told = time.monotonic(), len(said(plant, EVERY_SECOND))
        wait_until(lambda: leases.holder_of(ROLE) == other, PATIENCE_S)
        wait_until(lambda: len(said(plant, EVERY_SECOND)) > told, PATIENCE_S)
        logger.warning(
            "%s: the next due time was said %.1f s after the keeper was frozen (lease 1 s, heartbeat 0.2 s)",
            plant.databases.read.dialect,
            time.monotonic() - frozen,
        )
        wait_until(lambda: full_minute in said(plant, BY_CRON), PATIENCE_S)
        thaw(processes[keeper])
        thawed = len(said(plant, EVERY_SECOND))
        wait_until(lambda: len(said(plant, EVERY_SECOND)) >= thawed + 3, PATIENCE_S)

    seen, by_cron = said(plant, EVERY_SECOND), said(plant, BY_CRON)
    assert seen == each_once(min(seen), max(seen), SECOND)
    quiet = said(plant, QUIETLY)
    assert quiet == each_once(min(quiet), max(quiet), SECOND)
    assert by_cron == each_once(min(by_cron), full_minute, MINUTE)
