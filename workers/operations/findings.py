"""What there is to say of a time: from the samples that were kept, and from incidents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from countersign.eventstore.databases import Database
from countersign.projections.health.incidents_queries import IncidentRow, incidents_between
from countersign.projections.health.metrics_samples import Sample, samples_of
from countersign.projections.health.trends import Trend, trends
from countersign.workers.operations.spans import SpanOfTime

CHARTS: Final[Mapping[str, str]] = {
    "queue_waiting": "Work that waits, by queue",
    "queue_overdue_seconds": "How long work has been due, in seconds, by queue",
    "read_tables_lag_seconds": "Lag of the read tables, in seconds",
    "log_events": "Events in the log",
}


@dataclass(frozen=True, slots=True)
class Availability:
    """For which part of the time a component was well, of all times it was looked at."""

    component: str
    part: float


@dataclass(frozen=True, slots=True)
class Done:
    """So many effects of a queue came out so."""

    queue: str
    outcome: str
    count: int
    mean_s: float


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything that the report tells."""

    span: SpanOfTime
    incidents: Sequence[IncidentRow]
    availability: Sequence[Availability]
    done: Sequence[Done]
    drawn: Mapping[str, Sequence[Trend]]


def findings(read: Database, span: SpanOfTime) -> Findings:
    """Look at what was kept of that time."""
    return Findings(
        span=span,
        incidents=incidents_between(read, span.begins, span.ends),
        availability=[
            Availability(label.removeprefix("component="), _part_well(samples))
            for label, samples in _by_label(read, "component_condition", span).items()
        ],
        done=_done(read, span),
        drawn={name: trends(_of(read, name, span), span.every) for name in CHARTS},
    )


def _done(read: Database, span: SpanOfTime) -> Sequence[Done]:
    seconds = {label: _grown(kept) for label, kept in _by_label(read, "effects_seconds", span).items()}
    found = []
    for label, kept in _by_label(read, "effects_done", span).items():
        named = dict(part.split("=", 1) for part in label.split(","))
        if count := round(_grown(kept)):
            found.append(Done(named["queue"], named["outcome"], count, seconds.get(label, 0.0) / count))
    return sorted(found, key=lambda each: (each.queue, each.outcome))


def _grown(samples: Sequence[Sample]) -> float:
    """Of a sum that only grows: by how much, from the first sample to the last."""
    return samples[-1].most - samples[0].least


def _part_well(samples: Sequence[Sample]) -> float:
    # Of an hour that was rolled up it is only known whether all of it was well.
    return sum(each.count for each in samples if each.most == 0) / sum(each.count for each in samples)


def _by_label(read: Database, name: str, span: SpanOfTime) -> dict[str, list[Sample]]:
    found: dict[str, list[Sample]] = {}
    for sample in _of(read, name, span):
        found.setdefault(sample.label, []).append(sample)
    return found


def _of(read: Database, name: str, span: SpanOfTime) -> Sequence[Sample]:
    return samples_of(read, name, since=span.begins, before=span.ends)
