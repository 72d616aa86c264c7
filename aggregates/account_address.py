"""The address a person is written to: whether they read it, and how it is exchanged for another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from countersign.aggregates.account_credentials import Credentials
from countersign.aggregates.account_refusals import EmailUnverified
from countersign.aggregates.one_time_ticket import Ticket, invalid_one_time_token, require_known
from countersign.aggregates.root import Personal, Root


@dataclass(frozen=True, slots=True)
class WantedEmail:
    """The address that a person wants to be written to, once they show that they read it."""

    subject: UUID
    email: Personal
    email_identity: UUID
    ticket: Ticket


class Addressed(Credentials):
    """A new address comes into force when the code that was sent to it is given back."""

    TOPIC: ClassVar[str]
    email_verified: bool = False
    wanted_email: WantedEmail | None = None

    class EmailVerified(Root.Event):
        TOPIC = "account.email_verified"
        email_identity: UUID

        def apply(self, account: Addressed) -> None:
            account.email_verified = True

    class EmailChangeRequested(Root.Event):
        TOPIC = "account.email_change_requested"
        email: Personal
        email_identity: UUID
        ticket: Ticket

        def apply(self, account: Addressed) -> None:
            account.wanted_email = WantedEmail(account.id, self.email, self.email_identity, self.ticket)

    class EmailChangeConfirmed(Root.Event):
        TOPIC = "account.email_change_confirmed"
        email: Personal
        email_identity: UUID

        def apply(self, account: Addressed) -> None:
            account.email = self.email
            account.email_identity = self.email_identity
            account.email_verified = True
            account.wanted_email = None

    def verify_email(self, at: datetime) -> None:
        """Note that the person reads the mail of their address."""
        self.trigger_event(self.EmailVerified, timestamp=at, email_identity=self.email_identity)

    def request_email_change(self, at: datetime, email: str, email_identity: UUID, ticket: Ticket) -> None:
        """Ask for another address; what was asked for before is of no use any more."""
        self.trigger_event(
            self.EmailChangeRequested,
            timestamp=at,
            email=email,
            email_identity=email_identity,
            ticket=ticket,
        )

    def confirm_email_change(self, at: datetime, token_hash: str) -> None:
        """Put the address in force that the code was sent to.

        Raises:
            InvalidOneTimeToken: the code belongs to no change that waits, or has run out.
        """
        wanted = self.wanted_email
        if wanted is None:
            raise invalid_one_time_token()
        require_known((wanted.ticket,), token_hash, at)
        self.trigger_event(
            self.EmailChangeConfirmed,
            timestamp=at,
            email=wanted.email,
            email_identity=wanted.email_identity,
        )

    def require_verified(self) -> None:
        """Refuse an address that nobody has shown to read.

        Raises:
            EmailUnverified: nobody has.
        """
        if not self.email_verified:
            raise EmailUnverified("nobody has confirmed yet that this address is theirs")
