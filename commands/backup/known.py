"""A backup that somebody names."""

from __future__ import annotations

from uuid import UUID

from countersign.aggregates.backup import Backup
from countersign.aggregates.backup_refusals import UnknownBackup
from countersign.eventstore.store import Store


def backup_of(backup_id: UUID, store: Store) -> Backup:
    """The backup of that id.

    Raises:
        UnknownBackup: there is none.
    """
    backup = store.find(Backup, backup_id)
    if backup is None:
        raise UnknownBackup(f"there is no backup {backup_id}")
    return backup
