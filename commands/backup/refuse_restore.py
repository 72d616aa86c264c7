"""Somebody says no to a restore."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from countersign.commands.backup.known import backup_of
from countersign.commands.permit import permit, responsible_account
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class RefuseRestore:
    backup_id: UUID
    reason: str


def refuse_restore(command: RefuseRestore, store: Store) -> Receipt:
    """Note it; the same backup may be asked for again.

    Raises:
        UnknownBackup, NoRestoreRequested, ReasonRequired: see there.
    """
    permit(store, "RefuseRestore")
    backup = backup_of(command.backup_id, store)
    backup.refuse_restore(store.now, responsible_account(store), command.reason)
    return store.save(backup)
