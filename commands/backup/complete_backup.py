"""A backup is whole."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from countersign.aggregates.backup import Backup
from countersign.commands.permit import permit
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class CompleteBackup:
    backup_id: UUID
    manifest_digest: str
    position: int
    events: int
    blobs: int
    size_bytes: int


def complete_backup(command: CompleteBackup, store: Store) -> Receipt:
    """Note up to where it goes, and what it says of itself.

    Raises:
        BackupOver: see there.
    """
    permit(store, "CompleteBackup")
    backup = store.load(Backup, command.backup_id)
    backup.complete(
        store.now,
        command.manifest_digest,
        command.position,
        command.events,
        command.blobs,
        command.size_bytes,
    )
    return store.save(backup)
