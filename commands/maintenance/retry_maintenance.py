"""An operator takes up periodic work again that was given up."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from countersign.aggregates.maintenance_job import MaintenanceJob
from countersign.commands.permit import permit
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryMaintenance:
    job_id: UUID


def retry_maintenance(command: RetryMaintenance, store: Store) -> Receipt:
    """Put it in the queue again, with all its attempts.

    Raises:
        JobNotGivenUp: it was not.
    """
    permit(store, "RetryMaintenance")
    job = store.load(MaintenanceJob, command.job_id)
    job.retry(store.now, store.context.actor)
    return store.save(job)
