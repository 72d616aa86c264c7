"""The backup that somebody names."""

from __future__ import annotations

from countersign.eventstore.backup.manifest import Manifest
from countersign.eventstore.backup.refusals import BackupUnknown
from countersign.workers.backup.repository import Repository


def named(repository: Repository, name: str | None) -> Manifest:
    """That one, or the newest.

    Raises:
        BackupUnknown: there is none.
        BackupUnusable, TargetUnavailable: see there.
    """
    if name is not None:
        return repository.manifest(name)
    newest = repository.newest()
    if newest is None:
        raise BackupUnknown(f"there is no backup in {repository.target.place}")
    return newest
