"""An operator wants the service back as it was at a position."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from countersign.commands.backup.known import backup_of
from countersign.commands.permit import permit, responsible_account
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestRestore:
    backup_id: UUID
    to_position: int
    reason: str


def request_restore(command: RequestRestore, store: Store) -> Receipt:
    """Ask a second person.

    Raises:
        UnknownBackup, BackupNotThere, InvalidPosition, RestoreAlreadyRequested, ReasonRequired: see there.
    """
    permit(store, "RequestRestore")
    backup = backup_of(command.backup_id, store)
    backup.request_restore(store.now, command.to_position, responsible_account(store), command.reason)
    return store.save(backup)
