"""Which figures of a time are drawn, and as which lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from countersign.aggregates.operations_report import Period
from countersign.eventstore.databases import Database
from countersign.projections.health.metrics_samples import Sample, samples_of
from countersign.projections.health.trends import Point, Trend, trends
from countersign.workers.operations.chart import Line
from countersign.workers.operations.spans import SpanOfTime

_LINES_AT_MOST: Final = 6
_FORMS: Final = {Period.DAILY: "%H:%M", Period.WEEKLY: "%m-%d %H:%M", Period.MONTHLY: "%m-%d"}
_MINUTE_S, _HOUR_S, _GIB = 60.0, 3600.0, float(1 << 30)


@dataclass(frozen=True, slots=True)
class Drawing:
    """A figure with those of its labels that begin and end so; `unit` is what its values are divided by.

    Of a figure of which too little is the trouble, the `scarcest` values are drawn, and else the largest.
    """

    title: str
    name: str
    begins: str = ""
    ends: str = ""
    unit: float = 1.0
    scarcest: bool = False


DRAWINGS: Final = (
    Drawing("Work that waits, by queue", "queue_waiting"),
    Drawing("How long work has been due, in minutes, by queue", "queue_overdue_seconds", unit=_MINUTE_S),
    Drawing("Lag of the read tables, in seconds", "read_tables_lag_seconds"),
    Drawing("Events in the log", "log_events"),
    Drawing(
        "Free disk, in GiB",
        "component_figure",
        begins="component=disk:",
        ends=",figure=free_bytes",
        unit=_GIB,
        scarcest=True,
    ),
    Drawing(
        "Age of the newest backup, in hours",
        "component_figure",
        begins="component=backups",
        ends=",figure=age_seconds",
        unit=_HOUR_S,
    ),
)


@dataclass(frozen=True, slots=True)
class Drawn:
    """Lines over the same times, which are all of the span; where nothing was kept they have a gap."""

    title: str
    times: Sequence[str]
    lines: Sequence[Line]


def drawings(read: Database, span: SpanOfTime) -> Iterator[Drawn]:
    """Those of which something was kept."""
    for drawing in DRAWINGS:
        kept = samples_of(read, drawing.name, since=span.begins, before=span.ends)
        if lines := trends((each for each in kept if _is_of(drawing, each)), span.every):
            yield _drawn(drawing, lines, _times(span))


def _is_of(drawing: Drawing, sample: Sample) -> bool:
    return sample.label.startswith(drawing.begins) and sample.label.endswith(drawing.ends)


def _drawn(drawing: Drawing, found: Sequence[Trend], times: Mapping[datetime, str]) -> Drawn:
    worst_first = sorted(found, key=lambda each: _worst(drawing, each))[:_LINES_AT_MOST]
    return Drawn(drawing.title, list(times.values()), [_line(drawing, each, times) for each in worst_first])


def _times(span: SpanOfTime) -> Mapping[datetime, str]:
    moments = [span.begins + number * span.every for number in range((span.ends - span.begins) // span.every)]
    return {moment: moment.strftime(_FORMS[span.period]) for moment in moments}


def _worst(drawing: Drawing, trend: Trend) -> float:
    return min(map(_scarcest, trend.points)) if drawing.scarcest else -max(map(_largest, trend.points))


def _line(drawing: Drawing, trend: Trend, times: Iterable[datetime]) -> Line:
    value = _scarcest if drawing.scarcest else _largest
    values = {point.at: value(point) / drawing.unit for point in trend.points}
    name = trend.label.removesuffix(drawing.ends).partition("=")[2]
    return Line(name, [values.get(at) for at in times])


def _scarcest(point: Point) -> float:
    return point.least


def _largest(point: Point) -> float:
    return point.most
