"""The schedule says that a piece of periodic work is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from countersign.aggregates.maintenance_job import MaintenanceJob, maintenance_id
from countersign.commands.permit import permit
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class DueMaintenance:
    kind: str
    due_at: datetime


def due_maintenance(command: DueMaintenance, store: Store) -> Receipt:
    """Note the job, once for its kind and time."""
    permit(store, "DueMaintenance")
    if store.find(MaintenanceJob, maintenance_id(command.kind, command.due_at)) is not None:
        return store.save()
    return store.save(MaintenanceJob.due(store.now, command.kind, command.due_at))
