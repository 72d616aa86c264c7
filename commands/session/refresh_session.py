"""A signed-in person goes on without the password."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from countersign.aggregates.account import Account
from countersign.aggregates.session import Session
from countersign.commands.session.refresh_tokens import InvalidRefreshToken, RefreshTokens
from countersign.commands.session.standing import require_standing
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class RefreshSession:
    session_id: UUID
    refresh_token: str = field(repr=False)


def refresh_session(command: RefreshSession, store: Store, tokens: RefreshTokens) -> Receipt:
    """Move the session on to its next token; an earlier token ends it instead.

    That end is recorded, so the command is accepted all the same; whoever answers asks `signed_in`, which
    refuses then. The token is the permission.

    Raises:
        InvalidRefreshToken: it is not a token of this session.
        SessionEnded: there is nothing left to go on with.
    """
    claim = tokens.read(command.refresh_token)
    session = store.find(Session, claim.session)
    if session is None or claim.session != command.session_id:
        raise InvalidRefreshToken("this refresh token is not valid: sign in again")
    require_standing(store.guard_or_none(Account, session.account), session)
    store.identify(session.account)
    session.refresh(store.now, claim.rotation)
    return store.save(session)
