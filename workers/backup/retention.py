"""Which backups are kept no longer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from countersign.aggregates.root import DomainError
from countersign.commands.backup.break_off_backup import BreakOffBackup
from countersign.commands.backup.fail_backup import FailBackup
from countersign.commands.backup.prune_backup import PruneBackup
from countersign.eventstore.backup.manifest import CONTENT, KEYS, MANIFEST, Manifest, is_of_a_backup
from countersign.eventstore.backup.refusals import BackupUnusable
from countersign.eventstore.backup.target import Target
from countersign.projections.work.backups_queries import newest_whole, unfinished_before
from countersign.workers.backup.giving import give
from countersign.workers.backup.repository import Repository
from countersign.workers.issuer import Dispatch

_FULL_BEHIND_A_LOG: Final = 2
_LEFT: Final = timedelta(days=1)
_GONE: Final = "it was never finished: whoever was making it has gone"


def outdated(
    manifests: Sequence[Manifest], now: datetime, keep: timedelta, keep_at_least: int
) -> list[Manifest]:
    """Those that are too old, the newest full ones apart, and what continues one of them.

    Each full one holds the whole log, so one that only continues another is needed until two full ones have
    come after it: the second in case that the first is damaged.
    """
    full = sorted((one for one in manifests if not one.follows), key=lambda one: one.name)
    gone = [one for one in full[: max(0, len(full) - keep_at_least)] if now - one.made_at > keep]
    names = {one.name for one in gone}
    for one in sorted((one for one in manifests if one.follows), key=lambda one: one.name):
        later = sum(each.name > one.name for each in full)
        if later >= _FULL_BEHIND_A_LOG or one.follows in names:
            names.add(one.name)
            gone.append(one)
    return gone


class Prune:
    """Throws away what retention does not keep, and what was never finished."""

    def __init__(self, repository: Repository, dispatcher: Dispatch) -> None:
        self._repository = repository
        self._dispatcher = dispatcher

    def prune(self, now: datetime) -> list[str]:
        """The names of those that were thrown away.

        Raises:
            TargetUnavailable: see there.
        """
        repository = self._repository
        gone = outdated(self._readable(), now, repository.keep, repository.keep_at_least)
        for manifest in gone:
            remove(repository.target, manifest.name)
            self._note(manifest)
        _sweep(repository.target, {*repository.names()}, now)
        self._note_the_lost(now)
        return [manifest.name for manifest in gone]

    def _readable(self) -> list[Manifest]:
        found = []
        for name in self._repository.names():
            try:
                found.append(self._repository.manifest(name))
            except BackupUnusable:  # of another installation, or damaged: an operator sees to it
                continue
        return found

    def _note_the_lost(self, now: datetime) -> None:
        read = self._repository.databases.read
        last = newest_whole(read)
        for lost in unfinished_before(read, now - _LEFT):
            made_since = last is not None and last.started_at > lost.started_at
            ending = BreakOffBackup(backup_id=lost.backup_id, reason=_GONE)
            try:
                give(
                    self._dispatcher,
                    ending if made_since else FailBackup(backup_id=lost.backup_id, message=_GONE),
                )
            except DomainError:  # it came to its end just now
                continue

    def _note(self, manifest: Manifest) -> None:
        try:
            give(self._dispatcher, PruneBackup(backup_id=manifest.id))
        except DomainError:  # this log was restored from an earlier moment and does not know it
            return


def remove(target: Target, name: str) -> None:
    """Throw a backup away: first what makes it one."""
    for part in (MANIFEST, KEYS, CONTENT):
        target.remove(f"{name}/{part}")


def _sweep(target: Target, whole: set[str], now: datetime) -> None:
    for kept in [*target.kept()]:
        of_none = kept.unfinished or kept.name.partition("/")[0] not in whole
        if of_none and is_of_a_backup(kept.name) and now - kept.at > _LEFT:
            target.remove(kept.name)
