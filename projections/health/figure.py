"""A figure of the service at one moment, as Prometheus reads it and as samples keep it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from countersign.projections.health.health_readings import UNSEEN, Standing
from countersign.projections.health.incidents_queries import IncidentRow
from countersign.projections.health.reading import Condition


@dataclass(frozen=True, slots=True)
class Figure:
    """`name` without the service's prefix; what the labels mean is told by their names."""

    name: str
    value: float
    labels: Mapping[str, str] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """The labels in one text, the same for the same labels."""
        return ",".join(f"{name}={self.labels[name]}" for name in sorted(self.labels))


Gather = Callable[[], Sequence[Figure]]
"""Looks at everything once. Raises `DatabaseUnavailable`."""

_CONDITIONS = {Condition.OK: 0.0, Condition.ABSENT: 0.0, Condition.DEGRADED: 1.0, Condition.FAILED: 2.0}


def of_health(standings: Iterable[Standing], now: datetime) -> Sequence[Figure]:
    """How the components stand, how old that is, and what was read of them.

    Of one that nobody looks at any more, such as the disk of a machine that is gone, only how old that is.
    """
    found: list[Figure] = []
    for each in standings:
        labels = {"component": each.component}
        age = now - each.at
        found.append(Figure("component_reading_age_seconds", age.total_seconds(), labels))
        if age > UNSEEN:
            continue
        found.append(Figure("component_condition", _CONDITIONS[each.condition], labels))
        found.append(Figure("component_well", float(each.condition.is_well), labels))
        for name, value in each.figures.items():
            found.append(Figure("component_figure", value, {**labels, "figure": name}))
    return found


def of_incidents(incidents: Iterable[IncidentRow]) -> Sequence[Figure]:
    """How many are not over, by severity and by whether somebody sees to them."""
    counts = {
        (severity, status): 0 for severity in ("warning", "critical") for status in ("open", "acknowledged")
    }
    for incident in incidents:
        counts[incident.severity, incident.status] += 1
    return [
        Figure("incidents", float(count), {"severity": severity, "status": status})
        for (severity, status), count in counts.items()
    ]
