"""Looks, once a minute, whether what the service leans on is well."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from countersign.eventstore.databases import Database
from countersign.projections.health.health_readings import forget_before, record, standings
from countersign.projections.health.incidents_queries import unresolved_incidents
from countersign.projections.health.reading import Probe
from countersign.workers.course import Course
from countersign.workers.health.follow_up import FollowUp
from countersign.workers.health.looking import looked
from countersign.workers.health.options import HealthOptions


class HealthCheck:
    """Keeps what each probe finds, and follows up on it; also on what the machines record of themselves."""

    def __init__(
        self, read: Database, probes: Mapping[str, Probe], follow_up: FollowUp, options: HealthOptions
    ) -> None:
        self._read = read
        self._probes = probes
        self._follow_up = follow_up
        self._kept = timedelta(days=options.keep_days)

    def __call__(self, now: datetime, _course: Course) -> Mapping[str, str]:
        """Look; returns which components are not well."""
        found = looked(self._probes)
        for component, look in found.items():
            record(self._read, component, look.reading, now, look.took_ms)
        self._follow_up.follow(standings(self._read), unresolved_incidents(self._read), now)
        forget_before(self._read, now - self._kept)
        unwell = sorted(name for name, look in found.items() if not look.reading.condition.is_well)
        return {"healthy": "no", "unwell": ", ".join(unwell)} if unwell else {"healthy": "yes"}
