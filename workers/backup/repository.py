"""Where the backups of this service are, under which key, and how long they are kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from countersign.eventstore.backup.manifest import Manifest, finished, read_manifest
from countersign.eventstore.backup.refusals import BackupUnusable
from countersign.eventstore.backup.target import Target
from countersign.eventstore.databases import Databases
from countersign.eventstore.log import Log
from countersign.eventstore.store import EventStore

OpenStore = Callable[[Databases, Log], EventStore]
"""Opens the store of a copy of the service, with the master keys and the aggregates of this one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository:
    """The target with its key. At least so many backups are kept, whatever their age.

    `databases` are those of the service, without the time-outs that are right for a request; work on a backup
    may take `time_limit_s`, whatever its queue allows.
    """

    target: Target
    key: bytes = field(repr=False)
    databases: Databases
    open_store: OpenStore
    keep: timedelta = timedelta(days=90)
    keep_at_least: int = 4
    time_limit_s: float = 21_600.0

    def manifest(self, name: str) -> Manifest:
        """What a backup says of itself.

        Raises:
            BackupUnusable, TargetUnavailable: see there.
        """
        return read_manifest(self.target, self.key, name)

    def names(self) -> list[str]:
        """The backups that are whole, the oldest first."""
        return finished(self.target)

    def newest(self) -> Manifest | None:
        """The last one that is whole."""
        names = self.names()
        return self.manifest(names[-1]) if names else None

    def to_be_continued(self, log: Log) -> Manifest | None:
        """The last one that this log goes on from: not one of another installation or of another past."""
        for name in reversed(self.names()):
            try:
                found = self.manifest(name)
            except BackupUnusable:  # a damaged one, or one under another key, is continued by nobody
                continue
            if _is_in(log, found):
                return found
        return None

    def chain(self, manifest: Manifest) -> list[Manifest]:
        """What has to be restored one after the other: the backup with all of the log first."""
        found = [manifest]
        while found[0].follows:
            found.insert(0, self.manifest(found[0].follows))
        return found


def _is_in(log: Log, manifest: Manifest) -> bool:
    last = next(iter(log.read(manifest.position - 1, 1)), None)
    return last is not None and last.recorded_at == manifest.recorded_at
