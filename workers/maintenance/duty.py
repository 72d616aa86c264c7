"""The duty that does periodic work."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import UUID

from countersign.aggregates.maintenance_job import MaintenanceJob
from countersign.aggregates.rendering import FailureClass
from countersign.commands.maintenance.complete_maintenance import CompleteMaintenance
from countersign.commands.maintenance.fail_maintenance import FailMaintenance
from countersign.eventstore.aggregates import Aggregates
from countersign.workers.course import Course
from countersign.workers.effect import Effect
from countersign.workers.failure import EffectFailed
from countersign.workers.issuer import Issuer

Job = Callable[[datetime, Course], Mapping[str, str]]


class Maintain:
    """Runs the job of a kind and records its result."""

    def __init__(
        self,
        aggregates: Aggregates,
        issuer: Issuer,
        jobs: Mapping[str, Job],
        clock: Callable[[], datetime],
    ) -> None:
        self._aggregates = aggregates
        self._issuer = issuer
        self._jobs = jobs
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

    def _is_over(self, effect: Effect) -> bool:
        job = self._aggregates.find(MaintenanceJob, _job_id(effect))
        return job is not None and job.is_over


def _job_id(effect: Effect) -> UUID:
    return UUID(effect.payload["job_id"])
