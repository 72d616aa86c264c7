"""How the read tables stand, for Prometheus: asked of the database at each scrape."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from typing import Final

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from countersign.eventstore.outage import DatabaseUnavailable
from countersign.http.services import Services
from countersign.projections.building import builds
from countersign.projections.building.builds import Build, Status
from countersign.projections.following import positions
from countersign.projections.following.lag import Lag
from countersign.projections.following.positions import Place, Position, State

logger = logging.getLogger(__name__)

_BESIDE: Final = (Status.BUILDING, Status.INDEXING, Status.CATCHING_UP, Status.FOLLOWING)


class ReadTableFigures(Collector):
    """Lag, owners, letters and builds of every projection; only `countersign_read_tables_up` in an outage."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Look once."""
        try:
            found = [*self._of_projections(), *self._of_builds()]
        except DatabaseUnavailable as away:
            logger.warning("no figures of the read tables", extra={"reason": str(away)})
            found = []
        yield _single(
            "countersign_read_tables_up", "Whether the databases answer (1) or not (0)", bool(found)
        )
        yield from found

    def _of_projections(self) -> Iterator[GaugeMetricFamily]:
        services = self._services
        yield _single("countersign_log_head", "Position of the last event of the log", services.log.head())
        yield from of_lags(services.freshness.lags(services.clock()))

    def _of_builds(self) -> Iterator[GaugeMetricFamily]:
        with self._services.read.read() as connection:
            known, reached = builds.load(connection), positions.load(connection)
        yield _counted(known)
        beside = [build for build in known if build.status in _BESIDE]
        yield _reached(beside, reached)
        yield _different(beside)


def of_lags(lags: Iterable[Lag]) -> Iterator[GaugeMetricFamily]:
    """One figure of each kind for each projection."""
    kinds = {
        name: GaugeMetricFamily(f"countersign_projection_{name}", about, labels=["projection"])
        for name, about in _ABOUT.items()
    }
    for lag in lags:
        for name, value in _values(lag).items():
            if value is not None:
                kinds[name].add_metric([lag.name], value)
    yield from kinds.values()


_ABOUT: Final = {
    "position": "Position up to which it can be read",
    "lag_events": "Events of the log that it has not applied",
    "lag_seconds": "Age of the oldest event that it has not applied",
    "events_per_second": "Rate at which its owner last moved it",
    "catch_up_seconds": "Lag divided by that rate",
    "stopped": "Whether it has failed",
    "paused": "Whether an operator has paused it",
    "owned": "Whether a process moves it",
    "letters": "Events that could not be taken, and those held behind them",
    "parked_keys": "Keys whose rows are stale because of open letters",
}


def _values(lag: Lag) -> dict[str, float | None]:
    return {
        "position": lag.position,
        "lag_events": lag.events,
        "lag_seconds": lag.seconds,
        "events_per_second": lag.rate,
        "catch_up_seconds": lag.catch_up_s,
        "stopped": lag.state is State.FAILED,
        "paused": lag.state is State.PAUSED,
        "owned": lag.holder is not None,
        "letters": lag.letters,
        "parked_keys": lag.parked_keys,
    }


def _counted(known: Iterable[Build]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(
        "countersign_projection_builds", "Builds by their status", labels=["projection", "status"]
    )
    counts: dict[tuple[str, str], int] = {}
    for build in known:
        counts[build.name, build.status] = counts.get((build.name, build.status), 0) + 1
    for (name, status), count in counts.items():
        family.add_metric([name, status], count)
    return family


def _reached(beside: Iterable[Build], reached: dict[Place, Position]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(
        "countersign_projection_build_position",
        "Position that a build beside the live one has reached",
        labels=["projection", "build", "status"],
    )
    for build in beside:
        slowest = min((reached[place].position for place in build.places if place in reached), default=0)
        family.add_metric([build.name, str(build.build), build.status], slowest)
    return family


def _different(beside: Iterable[Build]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(
        "countersign_projection_build_different_rows",
        "Rows in which a build that was never shown differed from the live one when they were compared",
        labels=["projection", "build"],
    )
    for build in beside:
        was_shown = build.retire_at is not None  # so that nobody has to decide about it any more
        if build.report is not None and not was_shown:
            family.add_metric([build.name, str(build.build)], build.report["different"] or 0)
    return family


def _single(name: str, about: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, about, value=value)
