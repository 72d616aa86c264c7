"""What becomes of a backup: it is completed or fails, is proven, and is thrown away in time."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from countersign.aggregates.backup_refusals import BackupNotThere, BackupOver
from countersign.aggregates.root import Root


class BackupKind(StrEnum):
    """What a backup holds of the log."""

    FULL = "full"
    LOG = "log"  # what has come since another backup, which it continues


class BackupStatus(StrEnum):
    """One that has failed or was broken off has no manifest and cannot be restored.

    `broken_off`: nothing was wrong with it, but whoever made it had to end; another one takes its place.
    """

    STARTED = "started"
    COMPLETED = "completed"
    FAILED = "failed"
    BROKEN_OFF = "broken_off"
    PRUNED = "pruned"


class KeptBackup(Root):
    """The files of a backup, which go up to `position`; `proven` is what their last verification showed."""

    name: str
    kind: BackupKind
    after: int
    status: BackupStatus = BackupStatus.STARTED
    position: int = 0
    manifest_digest: str = ""
    proven: bool | None = None

    class Completed(Root.Event):
        """It is whole; `manifest_digest` is the SHA-256 of what it says of itself."""

        TOPIC = "backup.completed"
        manifest_digest: str
        position: int
        events: int
        blobs: int
        size_bytes: int

        def apply(self, backup: KeptBackup) -> None:
            backup.status = BackupStatus.COMPLETED
            backup.position, backup.manifest_digest = self.position, self.manifest_digest

    class Failed(Root.Event):
        TOPIC = "backup.failed"
        message: str

        def apply(self, backup: KeptBackup) -> None:
            backup.status = BackupStatus.FAILED

    class BrokenOff(Root.Event):
        """Its worker was stopped, an operator cancelled it, or its time was over."""

        TOPIC = "backup.broken_off"
        reason: str

        def apply(self, backup: KeptBackup) -> None:
            backup.status = BackupStatus.BROKEN_OFF

    class Verified(Root.Event):
        """It was restored into a scratch place; without `faults` all there is as it is in the service.

        `compared` is how many rows of read tables were made anew from it and compared with the living ones.
        """

        TOPIC = "backup.verified"
        events: int
        blobs: int
        compared: int
        took_s: float
        faults: tuple[str, ...]

        def apply(self, backup: KeptBackup) -> None:
            backup.proven = not self.faults

    class Pruned(Root.Event):
        TOPIC = "backup.pruned"

        def apply(self, backup: KeptBackup) -> None:
            backup.status = BackupStatus.PRUNED

    def complete(
        self, at: datetime, manifest_digest: str, position: int, events: int, blobs: int, size_bytes: int
    ) -> None:
        """Note that it is whole; said twice of the same manifest, it is noted once.

        Raises:
            BackupOver: it was said before what became of it.
        """
        if self.status is BackupStatus.COMPLETED and manifest_digest == self.manifest_digest:
            return
        self._require_under_way()
        self.trigger_event(
            self.Completed,
            timestamp=at,
            manifest_digest=manifest_digest,
            position=position,
            events=events,
            blobs=blobs,
            size_bytes=size_bytes,
        )

    def fail(self, at: datetime, message: str) -> None:
        """Note why it was not made.

        Raises:
            BackupOver: it was said before what became of it.
        """
        self._require_under_way()
        self.trigger_event(self.Failed, timestamp=at, message=message)

    def break_off(self, at: datetime, reason: str) -> None:
        """Note that it was not brought to its end, though nothing was wrong with it.

        Raises:
            BackupOver: it was said before what became of it.
        """
        self._require_under_way()
        self.trigger_event(self.BrokenOff, timestamp=at, reason=reason)

    def note_verification(
        self, at: datetime, events: int, blobs: int, compared: int, took_s: float, faults: tuple[str, ...]
    ) -> None:
        """Note what came of restoring it into a scratch place.

        Raises:
            BackupNotThere: it is not whole.
        """
        self.require_there()
        self.trigger_event(
            self.Verified,
            timestamp=at,
            events=events,
            blobs=blobs,
            compared=compared,
            took_s=took_s,
            faults=faults,
        )

    def prune(self, at: datetime) -> None:
        """Note that its files are gone; said twice, it is noted once."""
        if self.status is not BackupStatus.PRUNED:
            self.trigger_event(self.Pruned, timestamp=at)

    def _require_under_way(self) -> None:
        if self.status is not BackupStatus.STARTED:
            raise BackupOver(f"the backup {self.name} is {self.status} already")

    def require_there(self) -> None:
        """Refuse unless it is whole and not thrown away.

        Raises:
            BackupNotThere: it is not.
        """
        if self.status is not BackupStatus.COMPLETED:
            raise BackupNotThere(f"the backup {self.name} is {self.status}")
