"""A worker has done a piece of periodic work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from countersign.aggregates.maintenance_job import MaintenanceJob
from countersign.commands.permit import permit
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class CompleteMaintenance:
    job_id: UUID
    result: Mapping[str, str]


def complete_maintenance(command: CompleteMaintenance, store: Store) -> Receipt:
    """Note what was found or done."""
    permit(store, "CompleteMaintenance")
    job = store.load(MaintenanceJob, command.job_id)
    job.complete(store.now, command.result)
    return store.save(job)
