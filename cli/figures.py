"""Gathers the figures of the service: from the databases, so that every process tells the same."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from countersign.cli.foundation import utc_now
from countersign.cli.jobs.letters import letters
from countersign.cli.ledger import Ledger
from countersign.cli.status.queues import QueueStanding, queue_standings
from countersign.eventstore.leases import Leases
from countersign.projections.health.effect_counts import counts
from countersign.projections.health.figure import Figure, Gather, of_health, of_incidents
from countersign.projections.health.health_readings import standings
from countersign.projections.health.incidents_queries import unresolved_incidents
from countersign.workers import reaction_runner, schedule

_OF_A_QUEUE: Final = ("waiting", "running", "retrying", "dead", "in_doubt")


def figures_of(opened: Ledger) -> Gather:
    """What Prometheus and the samples ask for."""
    return lambda: tuple(_gathered(opened))


def _gathered(opened: Ledger) -> Iterator[Figure]:
    read, now = opened.databases.read, utc_now()
    yield Figure("log_events", float(opened.log.head()))
    for queue in queue_standings(read, letters(read), now):
        yield from _of_queue(queue)
    lags = opened.lags()
    yield Figure("read_tables_lag_seconds", max((lag.seconds for lag in lags), default=0.0))
    yield Figure("read_tables_lag_events", float(max((lag.events for lag in lags), default=0)))
    for role in (reaction_runner.ROLE, schedule.ROLE):
        held = Leases(read).holder_of(role) is not None
        yield Figure("role_held", float(held), {"role": role})
    yield from of_health(standings(read), now)
    yield from of_incidents(unresolved_incidents(read))
    yield from _of_effects(opened)


def _of_queue(queue: QueueStanding) -> Iterator[Figure]:
    labels = {"queue": queue.queue}
    for name in _OF_A_QUEUE:
        yield Figure(f"queue_{name}", float(getattr(queue, name)), labels)
    yield Figure("queue_overdue_seconds", queue.overdue_s, labels)


def _of_effects(opened: Ledger) -> Iterator[Figure]:
    sums: dict[tuple[str, str], tuple[int, float]] = {}
    for each in counts(opened.databases.read):
        count, seconds = sums.get((each.queue, each.outcome), (0, 0.0))
        sums[each.queue, each.outcome] = (count + each.count, seconds + each.seconds)
    for (queue, outcome), (count, seconds) in sums.items():
        labels = {"queue": queue, "outcome": outcome}
        yield Figure("effects_done", float(count), labels)
        yield Figure("effects_seconds", seconds, labels)
