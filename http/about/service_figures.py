"""The figures of queues, workers, health and incidents, for Prometheus: from the database at each scrape.

Workers and schedulers have no port of their own: any number of them may run on a machine, come and go, and
what counts of them stands in the database, where each API server finds the sums of all.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Final

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from countersign.eventstore.databases import Database
from countersign.eventstore.outage import DatabaseUnavailable
from countersign.projections.health.effect_counts import BUCKETS_S, Counted, bucket_of, counts
from countersign.projections.health.figure import Figure, Gather

logger = logging.getLogger(__name__)

ABOUT: Final = {
    "queue_waiting": "Effects that wait for their first attempt",
    "queue_running": "Effects that a worker works on",
    "queue_retrying": "Effects that have failed and wait for another attempt",
    "queue_dead": "Work that was given up and waits for a person",
    "queue_in_doubt": "Mails of which nobody knows whether they went",
    "queue_overdue_seconds": "How long the work that is due for longest has been so",
    "read_tables_lag_seconds": "The largest lag of all read tables, in seconds",
    "read_tables_lag_events": "The largest lag of all read tables, in events",
    "role_held": "Whether a process holds an elected role (1) or none (0)",
    "component_condition": "How a component stands: 0 well, 1 degraded, 2 failed",
    "component_reading_age_seconds": "How long ago a component was looked at",
    "component_figure": "What was read of a component",
    "incidents": "Incidents that are not over",
}


class ServiceFigures(Collector):
    """Nothing during an outage, which `countersign_read_tables_up` tells."""

    def __init__(self, read: Database, gather: Gather) -> None:
        self._read = read
        self._gather = gather

    def collect(self) -> Iterator[Metric]:
        """Look once."""
        try:
            figures, counted = self._gather(), counts(self._read)
        except DatabaseUnavailable as away:
            logger.warning("no figures of the service", extra={"reason": str(away)})
            return
        yield from _gauges(figure for figure in figures if figure.name in ABOUT)
        yield from _effects(counted)


def _gauges(figures: Iterable[Figure]) -> Iterator[Metric]:
    for name, same in groupby(sorted(figures, key=lambda each: each.name), lambda each: each.name):
        each = list(same)
        family = GaugeMetricFamily(f"countersign_{name}", ABOUT[name], labels=list(each[0].labels))
        for figure in each:
            family.add_metric(list(figure.labels.values()), figure.value)
        yield family


def _effects(counted: Sequence[Counted]) -> Iterator[Metric]:
    total = CounterMetricFamily(
        "countersign_effects", "Effects by what became of them", labels=["queue", "kind", "outcome"]
    )
    for labels, same in groupby(counted, lambda each: (each.queue, each.kind, each.outcome)):
        total.add_metric(labels, sum(each.count for each in same))
    yield total
    spent = HistogramMetricFamily(
        "countersign_effect_seconds", "Time that an attempt took", labels=["queue", "kind"]
    )
    for place, same in groupby(counted, lambda each: (each.queue, each.kind)):
        alike = list(same)
        spent.add_metric(place, _cumulated(alike), sum(each.seconds for each in alike))
    yield spent


def _cumulated(alike: Sequence[Counted]) -> list[tuple[str, float]]:
    buckets, reached = [], 0
    for name in map(bucket_of, BUCKETS_S):
        reached += sum(each.count for each in alike if each.up_to_s == name)
        buckets.append((name, float(reached)))
    return buckets
