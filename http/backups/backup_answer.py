"""A backup, as the API tells it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import Field

from countersign.aggregates.kept_backup import BackupKind, BackupStatus
from countersign.http.answers import Answer
from countersign.http.bodies import Form
from countersign.http.fields import Text
from countersign.http.parameters import Paging
from countersign.http.staleness import Item


class BackupAnswer(Item):
    """A backup, from behind `from_position` of the log up to `to_position`.

    `faults` is null until it was restored into a scratch place, and empty when nothing was wrong there.
    """

    HANGS_ON = ("backup_id",)
    backup_id: UUID
    name: str
    kind: BackupKind
    status: BackupStatus
    from_position: int
    to_position: int | None
    files: int | None
    size_bytes: int | None
    manifest_digest: str | None
    message: str | None
    started_at: datetime
    finished_at: datetime | None
    verified_at: datetime | None
    faults: list[str] | None
    restore_to: int | None
    restore_requested_by: UUID | None
    restore_approved_by: UUID | None
    restored_at: datetime | None


class BackupsAnswer(Answer):
    """A page of backups, the newest first."""

    items: list[BackupAnswer]
    next_cursor: str | None


class BackupsWanted(Paging):
    """Which backups; what is not given does not matter."""

    status: BackupStatus | None = None
    kind: BackupKind | None = None


class RestoreForm(Form):
    """Up to which position the service shall be restored elsewhere, and why."""

    to_position: int = Field(strict=True, ge=1, le=2**62, examples=[48_213])
    reason: Text = Field(examples=["somebody voided every report of the plant"])


class RestoreApprovalForm(Form):
    """The position that was asked for, as whoever agrees has read it, and why."""

    to_position: int = Field(strict=True, ge=1, le=2**62, examples=[48_213])
    reason: Text = Field(examples=["checked with the plant"])


class RestoreRefusalForm(Form):
    """Why not."""

    reason: Text = Field(examples=["we lose less by hand"])


class ReleaseForm(Form):
    """Why mail and webhooks may leave again."""

    reason: Text = Field(examples=["what may have left before is cancelled"])


class ReleaseAnswer(Answer):
    """Mail and webhooks of the service that was restored from this backup are not held any more."""

    backup_id: UUID
    held: bool


class BackupWanted(Form):
    """Why one is made besides the schedule; nothing has to be said."""

    reason: str = Field(default="", max_length=500, examples=["before the upgrade"])


class RestoreAnswer(Answer):
    """What has become of the wish to restore a backup; `to_position` is null when there is none any more."""

    backup_id: UUID
    to_position: int | None
    requested_by: UUID | None
    approved_by: UUID | None
