"""A backup was not brought to its end, and nothing is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from countersign.aggregates.backup import Backup
from countersign.commands.permit import permit
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakOffBackup:
    backup_id: UUID
    reason: str


def break_off_backup(command: BreakOffBackup, store: Store) -> Receipt:
    """Note why another one takes its place; nobody is alarmed.

    Raises:
        BackupOver: see there.
    """
    permit(store, "BreakOffBackup")
    backup = store.load(Backup, command.backup_id)
    backup.break_off(store.now, command.reason)
    return store.save(backup)
