"""The duty that does periodic work."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from countersign.aggregates.maintenance_job import MaintenanceJob
from countersign.aggregates.rendering import FailureClass
from countersign.commands.maintenance.complete_maintenance import CompleteMaintenance
from countersign.commands.maintenance.fail_maintenance import FailMaintenance
from countersign.eventstore.aggregates import Aggregates
from countersign.eventstore.databases import Database
from countersign.projections.work.periodic_runs import PeriodicRun, keep_run
from countersign.workers.course import Course
from countersign.workers.effect import Effect
from countersign.workers.failure import EffectFailed
from countersign.workers.issuer import Issuer

Job = Callable[[datetime, Course], Mapping[str, str]]


class Maintain:
    """Runs the job of a kind and records its result, in the log and where it is looked up by kind."""

    def __init__(
        self,
        aggregates: Aggregates,
        issuer: Issuer,
        jobs: Mapping[str, Job],
        read: Database,
        clock: Callable[[], datetime],
    ) -> None:
        self._aggregates = aggregates
        self._issuer = issuer
        self._jobs = jobs
        self._read = read
        self._clock = clock

    def perform(self, effect: Effect, course: Course) -> None:
        """Do it unless it was done or is not wanted any more."""
        if self._is_over(effect):
            return
        job = self._jobs.get(effect.payload["kind"])
        if job is None:
            raise EffectFailed(FailureClass.VALIDATION, f"no such maintenance: {effect.payload['kind']}")
        result = job(self._clock(), course)
        self._issuer.insist(
            CompleteMaintenance(job_id=_job_id(effect), result=result),
            effect,
            step=f"{effect.fence}/complete",
        )
        self._keep(effect, result=result)

    def failed(self, effect: Effect, failure: EffectFailed, retry_at: datetime | None) -> None:
        """Note why; another attempt may still complete it."""
        if not self._is_over(effect):
            command = FailMaintenance(
                job_id=_job_id(effect),
                failure_class=failure.failure_class,
                message=failure.message,
                retry_at=retry_at,
            )
            self._issuer.insist(command, effect, step=f"{effect.fence}/fail")
            self._keep(effect, error=failure.message)

    def _keep(self, effect: Effect, **outcome: Any) -> None:
        job = self._job(effect)
        if job is not None:
            run = PeriodicRun(kind=job.kind, due_at=job.due_at, ended_at=self._clock(), **outcome)
            keep_run(self._read, run)

    def _is_over(self, effect: Effect) -> bool:
        job = self._job(effect)
        return job is not None and job.is_over

    def _job(self, effect: Effect) -> MaintenanceJob | None:
        return self._aggregates.find(MaintenanceJob, _job_id(effect))


def _job_id(effect: Effect) -> UUID:
    return UUID(effect.payload["job_id"])
