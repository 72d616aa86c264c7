"""Makes backups of the running service and tells its log what has become of them."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from uuid import uuid4

from countersign.aggregates.kept_backup import BackupKind
from countersign.aggregates.root import DomainError
from countersign.commands.backup.break_off_backup import BreakOffBackup
from countersign.commands.backup.complete_backup import CompleteBackup
from countersign.commands.backup.fail_backup import FailBackup
from countersign.commands.backup.start_backup import StartBackup
from countersign.eventstore.backup.making import Living, Told, Wanted, backup_name, make_backup
from countersign.eventstore.backup.manifest import Manifest
from countersign.eventstore.backup.refusals import BackupUnusable
from countersign.eventstore.log import Log
from countersign.eventstore.open_store import open_blobs
from countersign.projections.work.backups_queries import unfinished_before
from countersign.workers.backup.giving import give
from countersign.workers.backup.kept_tables import KEPT
from countersign.workers.backup.repository import Repository
from countersign.workers.course import Cancelled, Interrupted, TimeLimitReached
from countersign.workers.issuer import Dispatch

logger = logging.getLogger(__name__)


class MakeBackup:
    """Makes one at a time."""

    def __init__(
        self, repository: Repository, log: Log, dispatcher: Dispatch, clock: Callable[[], datetime]
    ) -> None:
        self._repository = repository
        self._log = log
        self._dispatcher = dispatcher
        self._clock = clock

    def full(self, told: Told) -> Manifest:
        """One of the whole log.

        Raises:
            TargetUnavailable, DatabaseUnavailable, BackupDamaged: it was not made; the log says so, too.
            Interrupted, Cancelled, TimeLimitReached: it was broken off, and nobody is alarmed.
        """
        return self._make(BackupKind.FULL, None, told)

    def log_since(self, last: Manifest, told: Told) -> Manifest:
        """One of what has come since another, which it continues; raises as `full`."""
        return self._make(BackupKind.LOG, last, told)

    def _make(self, kind: BackupKind, last: Manifest | None, told: Told) -> Manifest:
        backup, now = uuid4(), self._clock()
        wanted = Wanted(
            id=backup,
            name=backup_name(backup, now),
            made_at=now,
            after=last.position if last else 0,
            follows=last.name if last else "",
            since=last.made_at if last else None,
        )
        start = StartBackup(backup_id=backup, name=wanted.name, kind=kind, after=wanted.after)
        give(self._dispatcher, start)
        try:
            made = make_backup(self._living(), self._repository.target, self._repository.key, wanted, told)
        except (Interrupted, Cancelled, TimeLimitReached) as ended:
            give(self._dispatcher, BreakOffBackup(backup_id=backup, reason=_why(ended)))
            raise
        except Exception as trouble:
            why = f"{type(trouble).__name__}: {trouble}"
            give(self._dispatcher, FailBackup(backup_id=backup, message=why))
            raise
        give(self._dispatcher, _completion(made))
        return made

    def _living(self) -> Living:
        databases = self._repository.databases
        return Living(databases=databases, log=self._log, blobs=open_blobs(databases), kept=KEPT)


def adopt_whole(repository: Repository, dispatcher: Dispatch, now: datetime) -> None:
    """Note those that are whole though whoever made them was killed before they could say so."""
    whole = set(repository.names())
    for begun in unfinished_before(repository.databases.read, now):
        if begun.name in whole:
            try:
                give(dispatcher, _completion(repository.manifest(begun.name)))
            except (BackupUnusable, DomainError) as trouble:  # it is damaged, or is being noted just now
                logger.warning("not adopted", extra={"backup": begun.name, "reason": f"{trouble}"})


def _why(ended: Exception) -> str:
    if isinstance(ended, Interrupted):
        return "its worker was stopped"
    return "an operator cancelled it" if isinstance(ended, Cancelled) else f"{ended}"


def _completion(made: Manifest) -> CompleteBackup:
    return CompleteBackup(
        backup_id=made.id,
        manifest_digest=made.digest(),
        position=made.position,
        events=made.events,
        blobs=made.blobs,
        size_bytes=made.size_bytes,
    )
