"""A backup could not be made, or whoever was making it has gone."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from countersign.aggregates.backup import Backup
from countersign.commands.permit import permit
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class FailBackup:
    backup_id: UUID
    message: str


def fail_backup(command: FailBackup, store: Store) -> Receipt:
    """Note why.

    Raises:
        BackupOver: see there.
    """
    permit(store, "FailBackup")
    backup = store.load(Backup, command.backup_id)
    backup.fail(store.now, command.message)
    return store.save(backup)
