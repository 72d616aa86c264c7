"""An address that mail is not sent to any more, since nobody is there."""

from __future__ import annotations

from datetime import datetime
from typing import Self
from uuid import UUID

from countersign.aggregates.root import DomainError, Personal, Root


class NotSuppressed(DomainError):
    """Mail is sent to this address."""

    code = "address_not_suppressed"


class Suppression(Root):
    """Whether mail to one address is held back.

    Its id is a keyed digest of the address; the address itself is sealed under the key of the person whose
    mail came back first.
    """

    TOPIC = "suppression"
    subject: UUID
    address: Personal
    is_in_force: bool = True

    class Created(Root.Created):
        TOPIC = "suppression.placed"
        SUBJECT = "subject"
        subject: UUID
        address: Personal
        email: UUID
        reply_code: int
        reply: str

    class PlacedAgain(Root.Event):
        TOPIC = "suppression.placed_again"
        email: UUID
        reply_code: int
        reply: str

        def apply(self, suppression: Suppression) -> None:
            suppression.is_in_force = True

    class Lifted(Root.Event):
        TOPIC = "suppression.lifted"
        by: UUID
        reason: str

        def apply(self, suppression: Suppression) -> None:
            suppression.is_in_force = False

    @classmethod
    def place(
        cls,
        suppression_id: UUID,
        at: datetime,
        *,
        subject: UUID,
        address: str,
        email: UUID,
        reply_code: int,
        reply: str,
    ) -> Self:
        """Hold back mail to an address from which one came back."""
        return cls._create(
            cls.Created,
            id=suppression_id,
            timestamp=at,
            subject=subject,
            address=address,
            email=email,
            reply_code=reply_code,
            reply=reply,
        )

    def place_again(self, at: datetime, email: UUID, reply_code: int, reply: str) -> None:
        """Hold mail back once more; while that is in force, another bounce changes nothing."""
        if not self.is_in_force:
            self.trigger_event(
                self.PlacedAgain, timestamp=at, email=email, reply_code=reply_code, reply=reply
            )

    def lift(self, at: datetime, by: UUID, reason: str) -> None:
        """Send mail there again.

        Raises:
            NotSuppressed: it is sent.
        """
        if not self.is_in_force:
            raise NotSuppressed("mail is sent to this address: nothing holds it back")
        self.trigger_event(self.Lifted, timestamp=at, by=by, reason=reason)
