"""What samples come to: points for a chart, and whether a figure rises or falls."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import groupby
from typing import Final

from countersign.projections.health.metrics_samples import Sample

_HOUR_S: Final = 3600.0
_STEADY: Final = 0.02
"""A change by less than this part of the largest value, over the whole time, is none."""


class Direction(StrEnum):
    """Where a figure goes."""

    RISING = "rising"
    FALLING = "falling"
    STEADY = "steady"


@dataclass(frozen=True, slots=True)
class Point:
    """The figure in the span that begins `at`."""

    at: datetime
    least: float
    mean: float
    most: float


@dataclass(frozen=True, slots=True)
class Trend:
    """One figure over a time; `per_hour` is the slope of the line that fits its points best."""

    label: str
    points: Sequence[Point]
    first: float
    last: float
    per_hour: float
    direction: Direction


def trends(samples: Iterable[Sample], every: timedelta) -> Sequence[Trend]:
    """The trend of each label; `samples` come by label and then by time."""
    return [
        _trend(
            label, [_point(at, list(span)) for at, span in groupby(each, lambda one: _begin(one.at, every))]
        )
        for label, each in groupby(samples, lambda one: one.label)
    ]


def _begin(at: datetime, every: timedelta) -> datetime:
    span_s = every.total_seconds()
    return datetime.fromtimestamp(at.timestamp() // span_s * span_s, UTC)


def _point(at: datetime, span: Sequence[Sample]) -> Point:
    count = sum(each.count for each in span)
    return Point(
        at=at,
        least=min(each.least for each in span),
        mean=sum(each.total for each in span) / count,
        most=max(each.most for each in span),
    )


def _trend(label: str, points: Sequence[Point]) -> Trend:
    per_hour = _slope(points)
    hours = (points[-1].at - points[0].at).total_seconds() / _HOUR_S
    change, largest = per_hour * hours, max(abs(point.mean) for point in points)
    direction = Direction.STEADY
    if abs(change) > _STEADY * largest:
        direction = Direction.RISING if change > 0 else Direction.FALLING
    return Trend(label, points, points[0].mean, points[-1].mean, per_hour, direction)


def _slope(points: Sequence[Point]) -> float:
    times = [(point.at - points[0].at).total_seconds() / _HOUR_S for point in points]
    middle = sum(times) / len(times)
    mean = sum(point.mean for point in points) / len(points)
    spread = sum((time - middle) ** 2 for time in times)
    if not spread:
        return 0.0
    return (
        sum((time - middle) * (point.mean - mean) for time, point in zip(times, points, strict=True)) / spread
    )
