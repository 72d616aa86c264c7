"""Looks whether what the service leans on is there."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from countersign.eventstore.databases import Databases
from countersign.eventstore.log import Log
from countersign.projections.following.freshness import Freshness
from countersign.workers.course import Course
from countersign.workers.effect_board import EffectBoard
from countersign.workers.mail.smtp import SmtpDelivery

Probe = Callable[[], str]
GIB = 1 << 30


class Unhealthy(Exception):
    """A probe found something that an operator should see to."""


class HealthCheck:
    """Runs probes; each tells in a few words what it found, or raises."""

    def __init__(self, probes: Mapping[str, Probe]) -> None:
        self._probes = probes

    def __call__(self, now: datetime, course: Course) -> Mapping[str, str]:
        """What each probe found, and whether all is well."""
        found = {name: _tried(probe) for name, probe in self._probes.items()}
        healthy = not any(reading.startswith("failed") for reading in found.values())
        return found | {"healthy": "yes" if healthy else "no"}


def database_probe(databases: Databases, log: Log, board: EffectBoard) -> Probe:
    """Whether all three databases answer, and how much the log holds."""

    def probe() -> str:
        board.stats()
        with databases.keys.read():
            return f"ok: {databases.log.dialect}, {log.head()} events"

    return probe


def disk_probe(folder: Path, free_min_bytes: int) -> Probe:
    """Whether there is room to write."""

    def probe() -> str:
        free = shutil.disk_usage(folder).free
        if free < free_min_bytes:
            raise Unhealthy(f"{free / GIB:.1f} GiB free, {free_min_bytes / GIB:.1f} GiB wanted")
        return f"ok: {free / GIB:.1f} GiB free"

    return probe


def read_tables_probe(freshness: Freshness) -> Probe:
    """Whether every read table goes on and lacks no event; one that is behind catches up by itself."""

    def probe() -> str:
        if not freshness.healthy():
            raise Unhealthy("a read table has stopped, or lacks events that it could not take")
        return "ok"

    return probe


def redis_probe(url: str) -> Probe:
    """Whether Redis answers, where it is configured."""

    def probe() -> str:
        if not url:
            return "not configured"
        # Imported here, since it is not there in a minimal installation.
        from redis import Redis  # noqa: PLC0415

        with Redis.from_url(url, socket_timeout=2.0, socket_connect_timeout=2.0) as client:
            client.ping()
        return "ok"

    return probe


def smtp_probe(delivery: SmtpDelivery) -> Probe:
    """Whether the mail server greets us."""

    def probe() -> str:
        return f"ok: {delivery.greet().code}"

    return probe


def _tried(probe: Probe) -> str:
    try:
        return probe()
    except Exception as trouble:  # noqa: BLE001 - whatever it is, the reading says so and the job records it
        return f"failed: {type(trouble).__name__}: {trouble}"
