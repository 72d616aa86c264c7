"""A backup is kept no longer."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from countersign.aggregates.backup import Backup
from countersign.commands.permit import permit
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class PruneBackup:
    backup_id: UUID


def prune_backup(command: PruneBackup, store: Store) -> Receipt:
    """Note that its files are gone."""
    permit(store, "PruneBackup")
    backup = store.load(Backup, command.backup_id)
    backup.prune(store.now)
    return store.save(backup)
