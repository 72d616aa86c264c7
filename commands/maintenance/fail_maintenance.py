"""A worker could not do a piece of periodic work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from countersign.aggregates.maintenance_job import MaintenanceJob
from countersign.commands.permit import permit
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class FailMaintenance:
    job_id: UUID
    failure_class: str
    message: str
    retry_at: datetime | None = None


def fail_maintenance(command: FailMaintenance, store: Store) -> Receipt:
    """Note why, and when the job is tried again; without a time it is given up."""
    permit(store, "FailMaintenance")
    job = store.load(MaintenanceJob, command.job_id)
    job.fail(store.now, command.failure_class, command.message, command.retry_at)
    return store.save(job)
