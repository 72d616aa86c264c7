"""Figures for Prometheus, right under several worker processes."""

from __future__ import annotations

import os
from typing import Final

from falcon import HTTP_METHODS, Request, Response
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
    multiprocess,
)

from countersign.http.about.read_table_figures import ReadTableFigures
from countersign.http.about.service_figures import ServiceFigures
from countersign.http.configuration.switched import require_feature
from countersign.http.endpoints import public
from countersign.http.services import Services

_REQUESTS: Final = Counter(
    "countersign_http_requests_total", "Requests answered", ["method", "route", "status"]
)
_DURATION: Final = Histogram(
    "countersign_http_request_seconds",
    "Time from request to answer",
    ["method", "route"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)


def observe_request(method: str, route: str, status: int, duration_s: float) -> None:
    """Count one answered request by its route template, never by its path."""
    known = method if method in HTTP_METHODS else "(other)"
    _REQUESTS.labels(known, route, status).inc()
    _DURATION.labels(known, route).observe(duration_s)


class Metrics:
    """`GET /metrics`: the figures of all worker processes of this server, and how the read tables stand."""

    def __init__(self, services: Services) -> None:
        self._flags = services.flags
        self._read_tables = CollectorRegistry()
        self._read_tables.register(ReadTableFigures(services))
        self._read_tables.register(ServiceFigures(services.read, services.gather))

    @public("Service", media=("text/plain",), refusals=(404,))
    def on_get(self, _req: Request, resp: Response) -> None:
        """Give the figures in Prometheus' text format."""
        require_feature(self._flags, "metrics")
        resp.content_type = CONTENT_TYPE_LATEST
        resp.data = generate_latest(_registry()) + generate_latest(self._read_tables)


def _registry() -> CollectorRegistry:
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return registry
