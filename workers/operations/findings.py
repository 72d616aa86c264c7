"""What there is to say of a time: from the samples that were kept, and from incidents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from countersign.eventstore.databases import Database
from countersign.projections.health.incidents_queries import IncidentRow, incidents_between
from countersign.projections.health.metrics_samples import Sample, samples_of
from countersign.workers.operations.drawings import Drawn, drawings
from countersign.workers.operations.growth import begun_at, grown
from countersign.workers.operations.spans import SpanOfTime

_BEFORE: Final = timedelta(days=1)
_HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Availability:
    """For which part of the times at which it was looked at a component was well."""

    component: str
    part: float
    looks: int


@dataclass(frozen=True, slots=True)
class Done:
    """So many effects of a queue came out so."""

    queue: str
    outcome: str
    count: int
    mean_s: float


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything that the report tells; figures were kept in `hours_kept` of the `hours` of the time."""

    span: SpanOfTime
    hours: int
    hours_kept: int
    incidents: Sequence[IncidentRow]
    availability: Sequence[Availability]
    done: Sequence[Done]
    drawn: Sequence[Drawn]


def findings(read: Database, span: SpanOfTime) -> Findings:
    """Look at what was kept of that time."""
    looks = _of(read, "component_well", span)
    return Findings(
        span=span,
        hours=(span.ends - span.begins) // _HOUR,
        hours_kept=len({_hour_of(each.at) for each in looks}),
        incidents=incidents_between(read, span.begins, span.ends),
        availability=[_availability(label, kept) for label, kept in _by_label(looks).items()],
        done=_done(read, span),
        drawn=list(drawings(read, span)),
    )


def _availability(label: str, looks: Sequence[Sample]) -> Availability:
    count = sum(each.count for each in looks)
    return Availability(label.removeprefix("component="), sum(each.total for each in looks) / count, count)


def _done(read: Database, span: SpanOfTime) -> Sequence[Done]:
    seconds = _growth(read, "effects_seconds", span)
    found = []
    for label, growth in _growth(read, "effects_done", span).items():
        named = dict(part.split("=", 1) for part in label.split(","))
        if count := round(growth):
            found.append(Done(named["queue"], named["outcome"], count, seconds.get(label, 0.0) / count))
    return sorted(found, key=lambda each: (each.queue, each.outcome))


def _growth(read: Database, name: str, span: SpanOfTime) -> Mapping[str, float]:
    before = samples_of(read, name, since=span.begins - _BEFORE, before=span.begins)
    return {
        label: grown(kept, begun_at(before, label))
        for label, kept in _by_label(_of(read, name, span)).items()
    }


def _by_label(samples: Iterable[Sample]) -> dict[str, list[Sample]]:
    found: dict[str, list[Sample]] = {}
    for sample in samples:
        found.setdefault(sample.label, []).append(sample)
    return found


def _hour_of(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)


def _of(read: Database, name: str, span: SpanOfTime) -> Sequence[Sample]:
    return samples_of(read, name, since=span.begins, before=span.ends)
