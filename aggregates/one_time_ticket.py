"""What is kept of a code that is sent by mail: enough to know it again, not enough to make it."""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from countersign.aggregates.account_refusals import InvalidOneTimeToken


@dataclass(frozen=True, slots=True)
class Ticket:
    """A code by its SHA-256; whoever has the key makes it again from `nonce`, in order to send it."""

    nonce: str
    token_hash: str
    expires_at: datetime


def require_known(tickets: Iterable[Ticket], token_hash: str, at: datetime) -> Ticket:
    """The ticket that a code belongs to, while it holds.

    Raises:
        InvalidOneTimeToken: there is none, or it has run out.
    """
    for ticket in tickets:
        if hmac.compare_digest(ticket.token_hash, token_hash) and at < ticket.expires_at:
            return ticket
    raise invalid_one_time_token()


def invalid_one_time_token() -> InvalidOneTimeToken:
    """The one refusal of every code that does not open anything."""
    return InvalidOneTimeToken("this code is not valid, was used or has run out: ask for a new one")
