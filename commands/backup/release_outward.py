"""An operator lets mail and webhooks leave again, which are held since the service was restored."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from countersign.commands.backup.known import backup_of
from countersign.commands.permit import permit, responsible_account
from countersign.eventstore.context import SYSTEM
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseOutward:
    backup_id: UUID
    reason: str


def release_outward(command: ReleaseOutward, store: Store) -> Receipt:
    """Note who has looked at what waited, and why it may go; the host itself only while nobody operates.

    Raises:
        UnknownBackup, NothingHeld, ReasonRequired: see there.
    """
    permit(store, "ReleaseOutward")
    backup = backup_of(command.backup_id, store)
    by = SYSTEM if store.context.actor == SYSTEM else responsible_account(store)
    backup.release_outward(store.now, by, command.reason)
    return store.save(backup)
