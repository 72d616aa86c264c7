"""Keeps an e-mail address to one account."""

from __future__ import annotations

from datetime import datetime
from typing import Self
from uuid import UUID

from countersign.aggregates.root import DomainError, Root


class EmailTaken(DomainError):
    """Another account has this address."""

    code = "email_taken"


class EmailIdentity(Root):
    """The claim of one account on one address, until the account lets go of it.

    Its id is a keyed digest of the canonical address, so a second claim collides with the first, and the log
    does not give the address away.
    """

    TOPIC = "email_identity"
    account: UUID
    is_free: bool = False

    class Created(Root.Created):
        TOPIC = "email_identity.claimed"
        account: UUID

    class Released(Root.Event):
        TOPIC = "email_identity.released"

        def apply(self, identity: EmailIdentity) -> None:
            identity.is_free = True

    class ClaimedAgain(Root.Event):
        TOPIC = "email_identity.claimed_again"
        account: UUID

        def apply(self, identity: EmailIdentity) -> None:
            identity.account = self.account
            identity.is_free = False

    @classmethod
    def claim(cls, identity_id: UUID, at: datetime, account: UUID) -> Self:
        """Reserve the address for an account."""
        return cls._create(cls.Created, id=identity_id, timestamp=at, account=account)

    def claim_again(self, at: datetime, account: UUID) -> None:
        """Reserve an address that another account has let go of.

        Raises:
            EmailTaken: it has not.
        """
        if not self.is_free:
            raise EmailTaken("there is an account with this e-mail address", (("/email", "it is taken"),))
        self.trigger_event(self.ClaimedAgain, timestamp=at, account=account)

    def release(self, at: datetime) -> None:
        """Let go of the address; letting go twice changes nothing."""
        if not self.is_free:
            self.trigger_event(self.Released, timestamp=at)

    @property
    def holder(self) -> UUID | None:
        """The account that has the address now."""
        return None if self.is_free else self.account
