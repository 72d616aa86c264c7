"""Brings the service back from backups, into an empty place."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from countersign.aggregates.kept_backup import BackupKind
from countersign.eventstore.backup.making import Told
from countersign.eventstore.backup.manifest import Manifest
from countersign.eventstore.backup.restoring import Place, require_empty, restore_backup
from countersign.eventstore.databases import Databases
from countersign.eventstore.open_store import create_tables
from countersign.projections.people import api_usage
from countersign.projections.work.outward_hold import OutwardHold, hold_outward
from countersign.workers import schema
from countersign.workers.backup.erased_later import erased_later
from countersign.workers.backup.kept_tables import KEPT
from countersign.workers.backup.repository import Repository


def restore(
    repository: Repository,
    manifest: Manifest,
    databases: Databases,
    told: Told,
    position: int | None = None,
    erased_since: Iterable[UUID] | None = None,
    held_at: datetime | None = None,
    without_registers: Collection[str] = (),
) -> int:
    """Put a backup, and those that it continues, into an empty place; gives the position that was reached.

    Whoever was erased by the register of this or any later backup stays erased, and so do `erased_since`, by
    the register of a service that goes on; for `without_registers` see `erased_later`. The read tables are
    not made: `countersign work` makes them from the log. With `held_at` mail and webhooks are held there,
    before the first event is written, until an operator releases them; a place that is in use goes on as it
    was.

    Raises:
        PlaceNotEmpty, BackupUnusable, TargetUnavailable, DatabaseUnavailable: see `restore_backup`.
        RegisterUnreadable: see `erased_later`.
    """
    create_tables(databases)
    require_empty(databases.log)
    schema.create_tables(databases.read)
    api_usage.create_tables(databases.read)
    gone = erased_later(repository, manifest, known=erased_since, without=without_registers)
    if held_at is not None:
        hold_outward(
            databases.read, _hold(manifest, manifest.position if position is None else position, held_at)
        )
    place = Place(databases=databases, kept=KEPT)
    chain = repository.chain(manifest)
    return restore_backup(
        repository.target, repository.key, chain, place, told, position=position, erased_since=gone
    )


def _hold(manifest: Manifest, position: int, at: datetime) -> OutwardHold:
    return OutwardHold(
        backup_id=manifest.id,
        name=manifest.name,
        kind=str(BackupKind.LOG if manifest.follows else BackupKind.FULL),
        after=manifest.after,
        position=position,
        held_at=at,
    )
