"""Somebody wants a backup now."""

from __future__ import annotations

from dataclasses import dataclass

from countersign.aggregates.maintenance_job import MaintenanceJob
from countersign.commands.permit import permit
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store

BACKUP = "backup"
"""The kind of the periodic work that makes backups."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderBackup:
    pass


def order_backup(_command: OrderBackup, store: Store) -> Receipt:
    """Let a worker make one, as if it were due now."""
    permit(store, "OrderBackup")
    return store.save(MaintenanceJob.due(store.now, BACKUP, store.now))
