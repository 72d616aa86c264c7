"""A backup was restored into a scratch place and looked at."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from countersign.aggregates.backup import Backup
from countersign.commands.permit import permit
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordBackupVerification:
    backup_id: UUID
    events: int
    blobs: int
    compared: int
    took_s: float
    faults: tuple[str, ...]


def record_backup_verification(command: RecordBackupVerification, store: Store) -> Receipt:
    """Note whether it is what it should be.

    Raises:
        BackupNotThere: see there.
    """
    permit(store, "RecordBackupVerification")
    backup = store.load(Backup, command.backup_id)
    backup.note_verification(
        store.now, command.events, command.blobs, command.compared, command.took_s, command.faults
    )
    return store.save(backup)
