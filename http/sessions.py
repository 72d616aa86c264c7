"""Whether the session behind an access token still holds."""

from __future__ import annotations

from datetime import datetime

from countersign.aggregates.session import Session, SessionEnded
from countersign.eventstore.aggregates import Aggregates
from countersign.http.tokens import Claims


def require_session(aggregates: Aggregates, claims: Claims, now: datetime) -> None:
    """Refuse whoever has been signed out: the token alone does not know of it.

    Raises:
        SessionEnded: there is no such session, or it is over.
    """
    session = aggregates.find(Session, claims.session)
    if session is None or session.account != claims.account:
        raise SessionEnded("there is no session behind this call: sign in again")
    session.require_live(now)
