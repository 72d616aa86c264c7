"""The figures of the service over time, for those who run it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Final

from falcon import Request, Response
from pydantic import Field

from countersign.http.answers import Answer
from countersign.http.endpoints import query
from countersign.http.fields import Instant, Key, Line
from countersign.http.parameters import Parameters
from countersign.http.problems import Refusal
from countersign.http.services import Services
from countersign.projections.health.metrics_samples import names_of_samples, samples_of
from countersign.projections.health.trends import Direction, trends

_LATELY: Final = timedelta(days=1)
MOST_POINTS: Final = 2_016
"""A week of spans of five minutes, or five years of days."""


class SampledAnswer(Answer):
    """A figure of which there are samples; `label` tells of what, such as `queue=mail`."""

    name: str
    label: str


class SamplesAnswer(Answer):
    """Everything that is sampled every five minutes."""

    items: list[SampledAnswer]


class PointAnswer(Answer):
    """The figure in the span that begins `at`."""

    at: datetime
    least: float
    mean: float
    most: float


class TrendAnswer(Answer):
    """One figure over time: its points, how much it changes in an hour, and whether that is a change."""

    label: str
    first: float
    last: float
    per_hour: float
    direction: Direction
    points: list[PointAnswer]


class TrendsAnswer(Answer):
    """The trends of a figure, one for each label."""

    name: str
    since: datetime
    before: datetime
    every_s: int
    items: list[TrendAnswer]


class TrendsWanted(Parameters):
    """Of which figure, and when: without `since` and `before`, the last day in spans of `every_s`.

    At most 2,016 spans. The names are at `GET /v1/metrics`.
    """

    name: Key
    label: Line | None = None
    since: Instant | None = None
    before: Instant | None = None
    every_s: Annotated[int, Field(ge=300, le=86_400)] = 3_600


class Samples:
    """`GET /v1/metrics`."""

    def __init__(self, services: Services) -> None:
        self._read = services.read

    @query("Operations", action="ViewHealth")
    def on_get(self, _req: Request, _resp: Response) -> SamplesAnswer:
        """List the figures that are sampled, with their labels."""
        found = names_of_samples(self._read)
        return SamplesAnswer(items=[SampledAnswer(name=name, label=label) for name, label in found])


class Trends:
    """`GET /v1/metrics/trends`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @query("Operations", action="ViewHealth")
    def on_get(self, _req: Request, _resp: Response, query: TrendsWanted) -> TrendsAnswer:
        """Tell how a figure went: least, mean and most of each span, and where it goes."""
        before = query.before or self._services.clock()
        since = query.since or before - _LATELY
        _require_drawable(since, before, query.every_s)
        found = samples_of(self._services.read, query.name, label=query.label, since=since, before=before)
        if not found:
            self._require_known(query.name)
        drawn = trends(found, timedelta(seconds=query.every_s))
        return TrendsAnswer(
            name=query.name,
            since=since,
            before=before,
            every_s=query.every_s,
            items=[TrendAnswer.model_validate(each) for each in drawn],
        )

    def _require_known(self, name: str) -> None:
        known = sorted({known for known, _ in names_of_samples(self._services.read)})
        if name not in known:
            there_are = ", ".join(known) or "none yet: the first are taken within five minutes"
            raise _refusal("name", f"no figure of that name is sampled; there are: {there_are}")


def _require_drawable(since: datetime, before: datetime, every_s: int) -> None:
    if since >= before:
        raise _refusal("since", "is not before the end")
    if before - since > MOST_POINTS * timedelta(seconds=every_s):
        raise _refusal("every_s", f"more than {MOST_POINTS} spans: choose longer ones, or a shorter time")


def _refusal(parameter: str, fault: str) -> Refusal:
    return Refusal(422, "invalid_parameters", f"{parameter}: {fault}", [(f"/{parameter}", fault)])
