"""Words of an administrator to everybody in certain roles, mailed in batches."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Final, Self
from uuid import UUID

from countersign.aggregates.role import Role
from countersign.aggregates.root import DomainError, Root

LONGEST_TOPIC: Final = 120
LONGEST_MESSAGE: Final = 4_000
RECIPIENTS_AT_MOST: Final = 5_000


class BroadcastStatus(StrEnum):
    """How far it has come; `planned`: each mail is on its way, which the mails themselves tell of."""

    PLANNING = "planning"
    PLANNED = "planned"
    CANCELLED = "cancelled"


class BroadcastUnfit(DomainError):
    """It says nothing, says too much, or goes to nobody or to too many."""

    code = "broadcast_unfit"
    status = 422


class BroadcastOver(DomainError):
    """Every mail of it was planned, or it was cancelled before."""

    code = "broadcast_over"


class Broadcast(Root):
    """One message to those who held the roles when it was ordered; a plain text, never a template."""

    TOPIC = "broadcast"
    topic: str
    message: str
    roles: tuple[Role, ...]
    by: UUID
    recipients: tuple[UUID, ...]
    planned: int = 0
    cancelled: bool = False

    class Created(Root.Created):
        TOPIC = "broadcast.ordered"
        topic: str
        message: str
        roles: tuple[Role, ...]
        by: UUID
        recipients: tuple[UUID, ...]

    class Progressed(Root.Event):
        TOPIC = "broadcast.progressed"
        planned: int

        def apply(self, broadcast: Broadcast) -> None:
            broadcast.planned = self.planned

    class Cancelled(Root.Event):
        TOPIC = "broadcast.cancelled"
        by: UUID
        reason: str

        def apply(self, broadcast: Broadcast) -> None:
            broadcast.cancelled = True

    @classmethod
    def order(
        cls,
        broadcast_id: UUID,
        at: datetime,
        *,
        topic: str,
        message: str,
        roles: Collection[Role],
        by: UUID,
        recipients: Collection[UUID],
    ) -> Self:
        """Have it mailed.

        Raises:
            BroadcastUnfit: saying at which pointer.
        """
        topic, message = " ".join(topic.split()), message.strip()
        _require(0 < len(topic) <= LONGEST_TOPIC, "/topic", f"1 to {LONGEST_TOPIC} characters")
        _require(0 < len(message) <= LONGEST_MESSAGE, "/message", f"1 to {LONGEST_MESSAGE} characters")
        _require(bool(recipients), "/roles", "nobody holds any of these roles")
        _require(len(recipients) <= RECIPIENTS_AT_MOST, "/roles", f"more than {RECIPIENTS_AT_MOST} people")
        return cls._create(
            cls.Created,
            id=broadcast_id,
            timestamp=at,
            topic=topic,
            message=message,
            roles=tuple(sorted(set(roles))),
            by=by,
            recipients=tuple(sorted(recipients)),
        )

    @property
    def status(self) -> BroadcastStatus:
        """How far it has come."""
        if self.cancelled:
            return BroadcastStatus.CANCELLED
        everybody = self.planned >= len(self.recipients)
        return BroadcastStatus.PLANNED if everybody else BroadcastStatus.PLANNING

    def next_batch(self, most: int) -> Sequence[UUID]:
        """Whose mails are to be planned next; nobody's when it is over."""
        going_on = self.status is BroadcastStatus.PLANNING
        return self.recipients[self.planned : self.planned + most] if going_on else ()

    def progress(self, at: datetime, planned: int) -> None:
        """So many mails are planned; a smaller number than before is an old one, and changes nothing."""
        if planned > self.planned:
            self.trigger_event(self.Progressed, timestamp=at, planned=planned)

    def cancel(self, at: datetime, by: UUID, reason: str) -> None:
        """Plan no more mails; those that are planned go.

        Raises:
            BroadcastOver: there is nothing left to cancel.
        """
        if self.status is not BroadcastStatus.PLANNING:
            raise BroadcastOver(f"this broadcast is {self.status}")
        self.trigger_event(self.Cancelled, timestamp=at, by=by, reason=reason)


def _require(fits: bool, pointer: str, needed: str) -> None:
    if not fits:
        raise BroadcastUnfit(f"a broadcast needs another {pointer[1:]}", ((pointer, needed),))
