"""The tokens that somebody gets who signs in or goes on."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from falcon import Response

from countersign.aggregates.role import Role
from countersign.commands.session.signed_in import SignedIn, signed_in
from countersign.eventstore.receipt import Receipt
from countersign.http.answers import Answer
from countersign.http.calls import answer_receipt
from countersign.http.services import Services
from countersign.http.tokens import AccessTokens


class Tokens(Answer):
    """An access token to send with each request, and a refresh token to get the next ones with, once."""

    access_token: str
    refresh_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 - the name of a scheme
    expires_in: int
    account: UUID
    role: Role
    session: UUID
    session_expires_at: datetime


def access_token_for(person: SignedIn, tokens: AccessTokens, now: datetime) -> str:
    """The access token of a live session since the last proof of identity."""
    return tokens.issue(
        person.account, person.session, person.role, now, person.factors, person.reauthenticated_at
    )


def tokens_for(
    session_id: UUID, refresh_token: str, services: Services, resp: Response, receipt: Receipt
) -> Tokens:
    """The tokens of a session whose log-in or refresh was accepted.

    Raises:
        RefreshReused, SessionEnded: it is over.
    """
    now = services.clock()
    person = signed_in(services.aggregates, session_id, now)
    answer_receipt(resp, receipt)
    return Tokens(
        access_token=access_token_for(person, services.access_tokens, now),
        refresh_token=refresh_token,
        expires_in=services.access_tokens.lifetime_s,
        account=person.account,
        role=person.role,
        session=person.session,
        session_expires_at=person.expires_at,
    )
