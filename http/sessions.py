"""Whether the session behind a call still holds."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from countersign.aggregates.account import Account
from countersign.aggregates.session import Session, SessionEnded
from countersign.commands.session.standing import require_standing
from countersign.eventstore.aggregates import Aggregates
from countersign.http.problems import Refusal
from countersign.http.tokens import Claims


def require_session(aggregates: Aggregates, claims: Claims, now: datetime) -> None:
    """Refuse whoever has been signed out: an access token alone does not know of it.

    An API client has no session; its key is looked up at each call.

    Raises:
        SessionEnded: there is no such session, or it is over.
    """
    if claims.session is None:
        return
    session = aggregates.find(Session, claims.session)
    if session is None or session.account != claims.account:
        raise SessionEnded("there is no session behind this call: sign in again")
    session.require_live(now)
    require_standing(aggregates.find(Account, session.account), session)


def session_of(claims: Claims) -> UUID:
    """The session of a person's call.

    Raises:
        Refusal: 403, an API client calls.
    """
    if claims.session is None:
        raise Refusal(403, "session_required", "this is for people who have signed in, not for API clients")
    return claims.session
