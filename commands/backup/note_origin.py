"""This service is a copy: it was restored from a backup."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from countersign.aggregates.backup import Backup
from countersign.aggregates.kept_backup import BackupKind
from countersign.commands.permit import permit
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteOrigin:
    backup_id: UUID
    name: str
    kind: BackupKind
    after: int
    to_position: int


def note_origin(command: NoteOrigin, store: Store) -> Receipt:
    """Note it as the first thing that happens here; a copy may end before its backup was begun."""
    permit(store, "NoteOrigin")
    backup = store.find(Backup, command.backup_id)
    if backup is None:
        backup = Backup.start(store.now, command.backup_id, command.name, command.kind, command.after)
    backup.note_origin(store.now, command.to_position)
    return store.save(backup)
