"""A backup is begun."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from countersign.aggregates.backup import Backup
from countersign.aggregates.kept_backup import BackupKind
from countersign.commands.permit import permit
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class StartBackup:
    backup_id: UUID
    name: str
    kind: BackupKind
    after: int = 0


def start_backup(command: StartBackup, store: Store) -> Receipt:
    """Note it before a byte is written, so that one that was interrupted can be seen."""
    permit(store, "StartBackup")
    backup = Backup.start(store.now, command.backup_id, command.name, command.kind, command.after)
    return store.save(backup)
