"""An operator lays periodic work aside that was given up."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from countersign.aggregates.maintenance_job import MaintenanceJob
from countersign.commands.permit import permit
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscardMaintenance:
    job_id: UUID
    reason: str


def discard_maintenance(command: DiscardMaintenance, store: Store) -> Receipt:
    """Lay it aside; it can still be taken up again.

    Raises:
        JobNotGivenUp: it was not.
        ReasonRequired: none was given.
    """
    permit(store, "DiscardMaintenance")
    job = store.load(MaintenanceJob, command.job_id)
    job.discard(store.now, store.context.actor, command.reason)
    return store.save(job)
