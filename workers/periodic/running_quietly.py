"""The duty that does a quiet run, and has the log told of it when there is something new to say."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from countersign.aggregates.rendering import FailureClass
from countersign.commands.maintenance.due_maintenance import DueMaintenance
from countersign.commands.maintenance.tell_quiet_run import TellQuietRun
from countersign.eventstore.databases import Database
from countersign.eventstore.log import LogUnavailable
from countersign.eventstore.outage import DatabaseUnavailable
from countersign.projections.work.periodic_runs import PeriodicRun, keep_run, last_run
from countersign.projections.work.periodic_times import seen_to
from countersign.workers.course import Cancelled, Course, Interrupted, NotYet
from countersign.workers.effect import Effect
from countersign.workers.failure import EffectFailed
from countersign.workers.issuer import Issuer
from countersign.workers.maintenance.duty import Job
from countersign.workers.neighbour import NeighbourAway
from countersign.workers.periodic.quiet import QUIET, TOLD_ANEW

logger = logging.getLogger(__name__)

_NO_FAILURE: Final = (Cancelled, Interrupted, NotYet, LogUnavailable, DatabaseUnavailable, NeighbourAway)


class RunQuietly:
    """A run that fails becomes a job of the log, with all its attempts and with people who are shown it."""

    def __init__(
        self, read: Database, issuer: Issuer, jobs: Mapping[str, Job], clock: Callable[[], datetime]
    ) -> None:
        self._read = read
        self._issuer = issuer
        self._jobs = jobs
        self._clock = clock

    def perform(self, effect: Effect, course: Course) -> None:
        """Do it."""
        kind = effect.payload["kind"]
        job = self._jobs.get(kind)
        if job is None:
            raise EffectFailed(FailureClass.VALIDATION, f"no such maintenance: {kind}")
        if self._is_overtaken(kind, _due_at(effect)):
            logger.info("quiet run left to a later one", extra={"job": kind})
            return
        try:
            result = job(self._clock(), course)
        except _NO_FAILURE:
            raise
        except Exception as trouble:
            if course.abandoned:  # it was given back, and is done by somebody else
                raise
            logger.warning("quiet run failed", extra={"job": kind, "reason": str(trouble)})
            self._hand_over(effect, str(trouble) or type(trouble).__name__)
            return
        self._keep(effect, kind, result)

    def failed(self, effect: Effect, failure: EffectFailed, retry_at: datetime | None) -> None:
        """What took its workers with it is shown to people, too."""
        if retry_at is None:
            self._hand_over(effect, failure.message)

    def _is_overtaken(self, kind: str, due_at: datetime) -> bool:
        """Whether the next run was handed out before this one was begun, as while no worker was there.

        Of a night without workers there are hundreds, and the last of them finds what there is to be found.
        """
        with self._read.read() as connection:
            latest = seen_to(connection, kind)
        return latest is not None and due_at < latest <= self._clock()

    def _hand_over(self, effect: Effect, error: str) -> None:
        due_at = _due_at(effect)
        self._issuer.insist(
            DueMaintenance(kind=effect.payload["kind"], due_at=due_at, anew=True), effect, step="due"
        )
        keep_run(
            self._read,
            PeriodicRun(kind=effect.payload["kind"], due_at=due_at, ended_at=self._clock(), error=error),
        )

    def _keep(self, effect: Effect, kind: str, result: Mapping[str, str]) -> None:
        due_at, now = _due_at(effect), self._clock()
        news = {name: result.get(name, "") for name in QUIET.get(kind, ())}
        last = last_run(self._read, kind)
        runs = 1 + (last.runs if last else 0)
        run = PeriodicRun(kind=kind, due_at=due_at, ended_at=now, result=result, runs=runs)
        if last is None or last.told_at is None or last.told != news or now - last.told_at >= TOLD_ANEW:
            told = TellQuietRun(kind=kind, due_at=due_at, result={**result, "runs": str(runs)})
            # Another attempt may find something else, which is no repeat of this command.
            receipt = self._issuer.insist(told, effect, step=f"{effect.fence}/told")
            if receipt.streams:  # else the attempt before this one has told what it found
                run = run.told_as(news)
        else:
            run = run.told_with(last)
        keep_run(self._read, run)


def _due_at(effect: Effect) -> datetime:
    return datetime.fromisoformat(effect.payload["due_at"])
