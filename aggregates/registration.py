"""Somebody's wish to get in, before anybody knows whether the address they gave is theirs."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Self
from uuid import UUID

from countersign.aggregates.one_time_ticket import Ticket, invalid_one_time_token, require_known
from countersign.aggregates.role import Role
from countersign.aggregates.root import Personal, Root


@dataclass(frozen=True, slots=True, kw_only=True)
class Stranger:
    """What somebody tells about themselves."""

    name: str
    email: str
    email_identity: UUID
    password_hash: str = field(repr=False)
    requested_role: Role


class Registration(Root):
    """What a stranger told. It claims nothing, and becomes an account when the address is confirmed.

    It is recorded in the same way whether the address is known or not, so that nobody can find that out;
    `holder` is the account that had the address already, whose owner is told instead.
    """

    TOPIC = "registration"
    name: Personal
    email: Personal
    email_identity: UUID
    password_hash: Personal
    requested_role: Role
    ticket: Ticket
    holder: UUID | None
    account: UUID | None = None

    class Created(Root.Created):
        TOPIC = "registration.requested"
        SUBJECT = "email_identity"
        name: Personal
        email: Personal
        email_identity: UUID
        password_hash: Personal
        requested_role: Role
        ticket: Ticket
        holder: UUID | None

    class Confirmed(Root.Event):
        TOPIC = "registration.confirmed"
        account: UUID

        def apply(self, registration: Registration) -> None:
            registration.account = self.account

    @classmethod
    def request(
        cls,
        registration_id: UUID,
        at: datetime,
        stranger: Stranger,
        ticket: Ticket,
        holder: UUID | None,
    ) -> Self:
        """Note what somebody told about themselves."""
        return cls._create(
            cls.Created,
            id=registration_id,
            timestamp=at,
            name=stranger.name,
            email=stranger.email,
            email_identity=stranger.email_identity,
            password_hash=stranger.password_hash,
            requested_role=stranger.requested_role,
            ticket=ticket,
            holder=holder,
        )

    def require_open(self, at: datetime, token_hash: str) -> None:
        """Refuse a code that does not confirm this registration now.

        Raises:
            InvalidOneTimeToken: it is another one, was used, or has run out.
        """
        require_known((self.ticket,), token_hash, at)
        if self.account is not None or self.holder is not None:
            raise invalid_one_time_token()

    def confirm(self, at: datetime, account: UUID) -> None:
        """Note the account that came of it."""
        self.trigger_event(self.Confirmed, timestamp=at, account=account)
