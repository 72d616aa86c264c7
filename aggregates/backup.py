"""One backup: made, proven, thrown away in time; and whoever wanted it restored, with whose consent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Self
from uuid import UUID

from countersign.aggregates.backup_refusals import (
    InvalidPosition,
    NoRestoreRequested,
    NothingHeld,
    OtherRestoreRequested,
    RestoreAlreadyRequested,
    RestoreNotApproved,
)
from countersign.aggregates.kept_backup import BackupKind, KeptBackup
from countersign.aggregates.read_model_refusals import SecondPersonRequired, reasoned
from countersign.aggregates.root import Root


@dataclass(frozen=True, slots=True)
class RestoreRequest:
    """Who wants to go back to which position; `approved_by` is the second person, once there is one."""

    to_position: int
    requested_by: UUID
    approved_by: UUID | None = None


class Backup(KeptBackup):
    """A backup, from behind the position `after` up to `position`; `request` is a restore of it.

    `holds_outward` is None unless this service was restored from it: then mail and webhooks are held until
    an operator releases them.
    """

    TOPIC = "backup"
    request: RestoreRequest | None = None
    holds_outward: bool | None = None

    class Created(Root.Created):
        TOPIC = "backup.started"
        name: str
        kind: BackupKind
        after: int

    class RestoreRequested(Root.Event):
        TOPIC = "backup.restore_requested"
        to_position: int
        requested_by: UUID
        reason: str

        def apply(self, backup: Backup) -> None:
            backup.request = RestoreRequest(self.to_position, self.requested_by)

    class RestoreApproved(Root.Event):
        TOPIC = "backup.restore_approved"
        to_position: int
        requested_by: UUID
        approved_by: UUID
        reason: str

        def apply(self, backup: Backup) -> None:
            backup.request = RestoreRequest(self.to_position, self.requested_by, self.approved_by)

    class RestoreRefused(Root.Event):
        """A second person has said no, or whoever asked has thought better of it."""

        TOPIC = "backup.restore_refused"
        refused_by: UUID
        reason: str

        def apply(self, backup: Backup) -> None:
            backup.request = None

    class RestoreCompleted(Root.Event):
        """A copy of the service as of that position was made elsewhere, without `left_out` later events.

        In the log of the copy itself it is the first event behind that position, and `left_out` is None.
        """

        TOPIC = "backup.restore_completed"
        to_position: int
        left_out: int | None

        def apply(self, backup: Backup) -> None:
            backup.request = None
            backup.holds_outward = True if self.left_out is None else backup.holds_outward

    class OutwardReleased(Root.Event):
        """What leaves the service may leave again: an operator has looked at what waited."""

        TOPIC = "backup.outward_released"
        released_by: UUID
        reason: str

        def apply(self, backup: Backup) -> None:
            backup.holds_outward = False

    @classmethod
    def start(cls, at: datetime, backup_id: UUID, name: str, kind: BackupKind, after: int) -> Self:
        """Note that it was begun."""
        return cls._create(cls.Created, id=backup_id, timestamp=at, name=name, kind=kind, after=after)

    def request_restore(self, at: datetime, to_position: int, by: UUID, reason: str) -> None:
        """Ask a second person to have a copy of the service made as of a position.

        Raises:
            BackupNotThere, InvalidPosition, RestoreAlreadyRequested, ReasonRequired: see there.
        """
        said = reasoned(reason)
        self.require_there()
        if not max(1, self.after) <= to_position <= self.position:
            span = f"{max(1, self.after)} to {self.position}"
            wanted = f"holds the positions {span}"
            raise InvalidPosition(f"{self.name} {wanted}, not {to_position}", (("/to_position", wanted),))
        if self.request is not None:
            raise RestoreAlreadyRequested(f"a restore of {self.name} waits to be decided on or carried out")
        self.trigger_event(
            self.RestoreRequested, timestamp=at, to_position=to_position, requested_by=by, reason=said
        )

    def approve_restore(self, at: datetime, by: UUID, reason: str, to_position: int) -> None:
        """Agree to a restore up to that position, as the second person; again agreed to, it stays so.

        Raises:
            BackupNotThere, NoRestoreRequested, SecondPersonRequired, ReasonRequired: see there.
            OtherRestoreRequested: what was asked for is another position than the one that was read.
        """
        said = reasoned(reason)
        self.require_there()
        request = self._requested()
        if request.to_position != to_position:
            asked = f"position {request.to_position} was asked for, not {to_position}"
            raise OtherRestoreRequested(f"{asked}: look again", (("/to_position", asked),))
        if request.requested_by == by:
            raise SecondPersonRequired("you have asked for it yourself: another operator approves")
        if request.approved_by is None:
            self.trigger_event(
                self.RestoreApproved,
                timestamp=at,
                to_position=request.to_position,
                requested_by=request.requested_by,
                approved_by=by,
                reason=said,
            )

    def refuse_restore(self, at: datetime, by: UUID, reason: str) -> None:
        """Let a restore that somebody has asked for not be carried out.

        Raises:
            NoRestoreRequested, ReasonRequired: see there.
        """
        said = reasoned(reason)
        self._requested()
        self.trigger_event(self.RestoreRefused, timestamp=at, refused_by=by, reason=said)

    def complete_restore(self, at: datetime, to_position: int, left_out: int) -> None:
        """Note that the copy was made that two people wanted.

        Raises:
            RestoreNotApproved: they did not, or wanted it as of another position.
        """
        request = self.request
        if request is None or request.approved_by is None or request.to_position != to_position:
            raise RestoreNotApproved(f"no two people have agreed to restore {self.name} up to {to_position}")
        self.trigger_event(self.RestoreCompleted, timestamp=at, to_position=to_position, left_out=left_out)

    def note_origin(self, at: datetime, to_position: int) -> None:
        """Note, in the log of a copy, that it was made from this backup; noted twice, it is noted once."""
        if self.holds_outward is None:
            self.trigger_event(self.RestoreCompleted, timestamp=at, to_position=to_position, left_out=None)

    def release_outward(self, at: datetime, by: UUID, reason: str) -> None:
        """Let mail and webhooks leave again, which are held since this service was restored.

        Raises:
            NothingHeld: it was not restored from this backup, or somebody has released them.
            ReasonRequired: see there.
        """
        said = reasoned(reason)
        if not self.holds_outward:
            raise NothingHeld(f"nothing is held that was restored from {self.name}")
        self.trigger_event(self.OutwardReleased, timestamp=at, released_by=by, reason=said)

    def _requested(self) -> RestoreRequest:
        if self.request is None:
            raise NoRestoreRequested(f"nobody has asked to restore {self.name}")
        return self.request
