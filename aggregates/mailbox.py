"""What people who have not signed in ask for in the name of one address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Self
from uuid import UUID

from countersign.aggregates.one_time_ticket import Ticket, require_known
from countersign.aggregates.root import Root

COUNTED: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Reset:
    """A password reset that was asked for, and whose account it is for."""

    account: UUID | None
    ticket: Ticket


class Mailbox(Root):
    """One address, whether anybody here has it or not.

    It keeps strangers from having an address written to without end, and their wishes away from the account,
    which they could otherwise hold up.
    """

    TOPIC = "mailbox"
    asked_at: Mapping[str, tuple[datetime, ...]] = field(default_factory=dict)
    resets: tuple[Reset, ...] = ()

    class Created(Root.Created):
        TOPIC = "mailbox.opened"

    class LetterSought(Root.Event):
        TOPIC = "mailbox.letter_sought"
        purpose: str

        def apply(self, mailbox: Mailbox) -> None:
            _count(mailbox, self.purpose, self.timestamp)

    class PasswordResetRequested(Root.Event):
        TOPIC = "mailbox.password_reset_requested"
        account: UUID | None
        ticket: Ticket

        def apply(self, mailbox: Mailbox) -> None:
            _count(mailbox, "password_reset", self.timestamp)
            open_ones = (each for each in mailbox.resets if each.ticket.expires_at > self.timestamp)
            mailbox.resets = (*open_ones, Reset(self.account, self.ticket))

    class PasswordResetRedeemed(Root.Event):
        TOPIC = "mailbox.password_reset_redeemed"
        account: UUID

        def apply(self, mailbox: Mailbox) -> None:
            mailbox.resets = ()

    @classmethod
    def open(cls, mailbox_id: UUID, at: datetime) -> Self:
        """Start to count for an address."""
        return cls._create(cls.Created, id=mailbox_id, timestamp=at)

    def may_be_asked(self, purpose: str, at: datetime, most: int) -> bool:
        """Whether fewer than `most` letters of that purpose were sought within the last hour."""
        recent = [each for each in self.asked_at.get(purpose, ()) if each > at - COUNTED]
        return len(recent) < most

    def seek_letter(self, at: datetime, purpose: str) -> None:
        """Count a letter that a stranger wants sent to this address."""
        self.trigger_event(self.LetterSought, timestamp=at, purpose=purpose)

    def request_password_reset(self, at: datetime, account: UUID | None, ticket: Ticket) -> None:
        """Note that somebody wants a new password for whoever has this address, if anybody has."""
        self.trigger_event(self.PasswordResetRequested, timestamp=at, account=account, ticket=ticket)

    def reset_of(self, at: datetime, token_hash: str) -> Reset:
        """The reset that a code was sent for.

        Raises:
            InvalidOneTimeToken: there is none that waits.
        """
        ticket = require_known((each.ticket for each in self.resets), token_hash, at)
        return next(each for each in self.resets if each.ticket == ticket)

    def redeem(self, at: datetime, account: UUID) -> None:
        """Note that the password was reset: every other code that was sent is void."""
        self.trigger_event(self.PasswordResetRedeemed, timestamp=at, account=account)


def _count(mailbox: Mailbox, purpose: str, at: datetime) -> None:
    recent = (each for each in mailbox.asked_at.get(purpose, ()) if each > at - COUNTED)
    mailbox.asked_at = {**mailbox.asked_at, purpose: (*recent, at)}
