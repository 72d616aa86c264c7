"""A second person agrees that the service is brought back as it was."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from countersign.commands.backup.known import backup_of
from countersign.commands.permit import permit, responsible_account
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveRestore:
    backup_id: UUID
    to_position: int
    reason: str


def approve_restore(command: ApproveRestore, store: Store) -> Receipt:
    """Let whoever runs the host carry it out; the position is the one that the second person has read.

    Raises:
        UnknownBackup, BackupNotThere, NoRestoreRequested, SecondPersonRequired, ReasonRequired: see there.
        OtherRestoreRequested: another position was asked for.
    """
    permit(store, "ApproveRestore")
    backup = backup_of(command.backup_id, store)
    backup.approve_restore(store.now, responsible_account(store), command.reason, command.to_position)
    return store.save(backup)
