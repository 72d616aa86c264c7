"""Lists backups, and shows one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from countersign.aggregates.kept_backup import BackupStatus
from countersign.eventstore.databases import Database
from countersign.projections.keyset import Keyset, Page
from countersign.projections.projection import view_of
from countersign.projections.reading import every, having, one, page
from countersign.projections.work.backups import backups

_view: Final = view_of(backups)
_NEWEST_FIRST: Final = Keyset("position", (_view.c.position,), descending=True)


@dataclass(frozen=True, slots=True)
class BackupRow:
    """One backup, from behind `from_position` up to `to_position`; `faults` is None until it was verified."""

    backup_id: UUID
    position: int
    name: str
    kind: str
    status: str
    from_position: int
    to_position: int | None
    files: int | None
    size_bytes: int | None
    manifest_digest: str | None
    message: str | None
    started_at: datetime
    finished_at: datetime | None
    verified_at: datetime | None
    faults: Sequence[str] | None
    restore_to: int | None
    restore_requested_by: UUID | None
    restore_approved_by: UUID | None
    restored_at: datetime | None


def backup(read: Database, backup_id: UUID) -> BackupRow | None:
    """One of them, or None."""
    return one(read, BackupRow, having(_view, BackupRow, backup_id=backup_id))


def backup_page(
    read: Database,
    *,
    status: str | None = None,
    kind: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[BackupRow]:
    """The newest first.

    Raises:
        BadCursor: the cursor is not from this list.
    """
    query = having(_view, BackupRow, status=status, kind=kind)
    return page(read, BackupRow, _NEWEST_FIRST, query, cursor, limit)


def unfinished_before(read: Database, at: datetime) -> Sequence[BackupRow]:
    """Those that were begun before then and never came to an end."""
    query = having(_view, BackupRow, status=str(BackupStatus.STARTED))
    return every(read, BackupRow, query.where(_view.c.started_at < at).order_by(_view.c.position))


def newest_whole(read: Database) -> BackupRow | None:
    """The last one that came to its end."""
    query = having(_view, BackupRow, status=str(BackupStatus.COMPLETED))
    return one(read, BackupRow, query.order_by(_view.c.position.desc()).limit(1))
