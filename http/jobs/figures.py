"""How the background work has gone lately."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Final, Literal

from falcon import Request, Response
from pydantic import Field

from countersign.http.answers import Answer
from countersign.http.endpoints import query
from countersign.http.jobs.held import OutwardHoldAnswer, outward_hold_answer
from countersign.http.parameters import Parameters
from countersign.http.services import Services
from countersign.projections.work.job_figures import failures, spans, standings

_DAYS_FROM_H: Final = 72


class Lately(Parameters):
    """For how many hours back."""

    hours: Annotated[int, Field(ge=1, le=24 * 90)] = 24


class JobCountAnswer(Answer):
    """So many jobs of a kind are in a state."""

    kind: str
    state: str
    count: int


class FailureCountAnswer(Answer):
    """So many jobs of a kind and state have failed so, the last one at `last_at`."""

    kind: str
    failure_class: str
    state: str
    count: int
    last_at: datetime | None


class SpanAnswer(Answer):
    """What ended in the hour or day that begins `at`, and how long it took from being wanted."""

    at: datetime
    kind: str
    succeeded: int
    failed: int
    mean_s: float
    longest_s: float


class JobFigures(Answer):
    """Jobs wanted since then by state, failures by class, and what ended, by hour or by day.

    `held` is null unless mail and webhooks are held since the service was restored.
    """

    since: datetime
    unit: Literal["hour", "day"]
    states: list[JobCountAnswer]
    failures: list[FailureCountAnswer]
    trend: list[SpanAnswer]
    held: OutwardHoldAnswer | None


class JobStatistics:
    """`GET /v1/jobs/statistics`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @query("Jobs", reads=("job_board",), action="ViewJobs", refusals=(403,))
    def on_get(self, req: Request, resp: Response, query: Lately) -> JobFigures:
        """Count jobs by state, failures by class, and what ended over time: by day from three days on."""
        read, since = self._services.read, self._services.clock() - timedelta(hours=query.hours)
        unit: Literal["hour", "day"] = "day" if query.hours > _DAYS_FROM_H else "hour"
        return JobFigures(
            since=since,
            unit=unit,
            states=[JobCountAnswer.model_validate(each) for each in standings(read, since)],
            failures=[FailureCountAnswer.model_validate(each) for each in failures(read, since)],
            trend=[SpanAnswer.model_validate(each) for each in spans(read, since, unit)],
            held=outward_hold_answer(read),
        )
