"""An operator has a piece of periodic work not done."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from countersign.aggregates.maintenance_job import MaintenanceJob
from countersign.commands.permit import permit
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelMaintenance:
    job_id: UUID
    reason: str


def cancel_maintenance(command: CancelMaintenance, store: Store) -> Receipt:
    """Have it not done; a worker that is at it stops at its next step.

    Raises:
        JobCompleted: there is nothing left to cancel.
        ReasonRequired: none was given.
    """
    permit(store, "CancelMaintenance")
    job = store.load(MaintenanceJob, command.job_id)
    job.cancel(store.now, store.context.actor, command.reason)
    return store.save(job)
