"""The copy of the service that two people wanted was made."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from countersign.commands.backup.known import backup_of
from countersign.commands.permit import permit
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class CompleteRestore:
    backup_id: UUID
    to_position: int
    left_out: int


def complete_restore(command: CompleteRestore, store: Store) -> Receipt:
    """Note it in the log that was gone back in.

    Raises:
        UnknownBackup, RestoreNotApproved: see there.
    """
    permit(store, "CompleteRestore")
    backup = backup_of(command.backup_id, store)
    backup.complete_restore(store.now, command.to_position, command.left_out)
    return store.save(backup)
