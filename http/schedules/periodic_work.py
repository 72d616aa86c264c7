"""When periodic work is due."""

from __future__ import annotations

from datetime import datetime

from falcon import Request, Response

from countersign.http.answers import Answer
from countersign.http.endpoints import query
from countersign.http.services import Services
from countersign.projections.work.periodic_runs import PeriodicRun, periodic_runs
from countersign.projections.work.periodic_times import PeriodicTimes, periodic_times


class LatestRunAnswer(Answer):
    """The latest run of a kind, with what came of it: its result, or the `error` with which it failed."""

    due_at: datetime
    ended_at: datetime
    result: dict[str, str]
    error: str | None


class PeriodicWorkAnswer(Answer):
    """A kind of periodic work: how often it is due, the latest due time that was seen to, and the next one.

    `missed` says what becomes of due times that nobody saw to: `once`, one run makes up for them, or `skip`.
    """

    kind: str
    rule: str
    missed: str
    seen_to: datetime | None
    next_due_at: datetime | None
    latest_run: LatestRunAnswer | None


class PeriodicWorksAnswer(Answer):
    """All kinds, by name."""

    items: list[PeriodicWorkAnswer]


class PeriodicWork:
    """`GET /v1/maintenance/schedule`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @query("Maintenance", action="ViewPeriodicWork")
    def on_get(self, _req: Request, _resp: Response) -> PeriodicWorksAnswer:
        """List the kinds of periodic work and when each is due next, as the elected scheduler has it."""
        runs = periodic_runs(self._services.read)
        items = [_answer(each, runs.get(each.kind)) for each in periodic_times(self._services.read)]
        return PeriodicWorksAnswer(items=items)


def _answer(times: PeriodicTimes, run: PeriodicRun | None) -> PeriodicWorkAnswer:
    return PeriodicWorkAnswer(
        kind=times.kind,
        rule=times.rule,
        missed=times.missed,
        seen_to=times.seen_to,
        next_due_at=times.next_due_at,
        latest_run=None if run is None else LatestRunAnswer.model_validate(run),
    )
