"""Brings the service back from backups, into an empty place."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from countersign.aggregates.kept_backup import BackupKind
from countersign.eventstore.backup.making import Told
from countersign.eventstore.backup.manifest import Manifest
from countersign.eventstore.backup.people_keys import register_of
from countersign.eventstore.backup.refusals import BackupForeign
from countersign.eventstore.backup.restoring import Place, restore_backup
from countersign.eventstore.databases import Databases
from countersign.eventstore.open_store import create_tables
from countersign.projections.people import api_usage
from countersign.projections.work.outward_hold import OutwardHold, hold_outward
from countersign.workers import schema
from countersign.workers.backup.kept_tables import KEPT
from countersign.workers.backup.repository import Repository


def restore(
    repository: Repository,
    manifest: Manifest,
    databases: Databases,
    told: Told,
    position: int | None = None,
    erased_since: Iterable[UUID] = (),
    held_at: datetime | None = None,
) -> int:
    """Put a backup, and those that it continues, into an empty place; gives the position that was reached.

    Whoever was erased by the register of this or any later backup stays erased. The read tables are not
    made: `countersign work` makes them from the log. With `held_at` mail and webhooks are held there,
    before the first event is written, until an operator releases them.

    Raises:
        PlaceNotEmpty, BackupUnusable, TargetUnavailable, DatabaseUnavailable: see `restore_backup`.
    """
    create_tables(databases)
    schema.create_tables(databases.read)
    api_usage.create_tables(databases.read)
    if held_at is not None:
        hold_outward(
            databases.read, _hold(manifest, manifest.position if position is None else position, held_at)
        )
    gone = {*erased_since, *_erased_later(repository, manifest)}
    place = Place(databases=databases, kept=KEPT)
    chain = repository.chain(manifest)
    return restore_backup(
        repository.target, repository.key, chain, place, told, position=position, erased_since=gone
    )


def _erased_later(repository: Repository, manifest: Manifest) -> set[UUID]:
    later = (name for name in repository.names() if name > manifest.name)
    return set().union(*(_register_of(repository, name) for name in later))


def _register_of(repository: Repository, name: str) -> set[UUID]:
    try:
        return register_of(repository.target, repository.key, name)
    except BackupForeign:  # another installation keeps its backups there, too: of nobody here
        return set()


def _hold(manifest: Manifest, position: int, at: datetime) -> OutwardHold:
    return OutwardHold(
        backup_id=manifest.id,
        name=manifest.name,
        kind=str(BackupKind.LOG if manifest.follows else BackupKind.FULL),
        after=manifest.after,
        position=position,
        held_at=at,
    )
