"""Whether the session behind a call still holds: the log says so, a cache saves the reading."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from countersign.aggregates.account import Account
from countersign.aggregates.session import Session, SessionEnded
from countersign.eventstore.aggregates import Aggregates
from countersign.http.problems import Refusal
from countersign.http.session_cache.cache import SessionCache
from countersign.http.session_cache.known_session import KnownSession
from countersign.http.tokens import Claims, TokenRefused, proof_us


class Sessions:
    """Looks sessions up.

    What is cached holds while neither the session's stream nor the account's has gone on, which one query
    asks at each look-up; so an end, a new role or a closed account counts at once in every process. The same
    query tells where the log is, since most requests would ask for that next.
    """

    def __init__(self, aggregates: Aggregates, cache: SessionCache) -> None:
        self._aggregates = aggregates
        self._cache = cache

    def find(self, session: UUID) -> KnownSession | None:
        """What the log says of a session; None when there is no such one."""
        known = self._cache.get(session)
        if known is not None and (head := self._head_while(known)) is not None:
            return replace(known, as_of=head)
        return self._looked_up(session)

    def current(self, claims: Claims, now: datetime) -> Claims:
        """What an access token says, as the log has it by now: it does not know of an end or of a new role.

        A cookie and the key of an API client are looked up when they are read.

        Raises:
            SessionEnded: there is no such session, or it is over.
            TokenRefused: the session has a newer access token.
        """
        if claims.method != "jwt" or claims.session is None:
            return claims
        known = self.find(claims.session)
        if known is None or known.account != claims.account:
            raise SessionEnded("there is no session behind this call: sign in again")
        _require_newest(claims, known)
        role = known.require_live(now)
        return replace(
            claims,
            role=role,
            enrolment_only=known.enrolment_only,
            first_password=known.first_password,
            as_of=known.as_of,
        )

    def require_newest(self, claims: Claims) -> None:
        """Refuse an access token from before the last proof of identity; all else the command asks itself.

        Raises:
            TokenRefused: there is a newer one.
        """
        if claims.method == "jwt" and claims.session is not None:
            known = self.find(claims.session)
            if known is not None:
                _require_newest(claims, known)

    def _head_while(self, known: KnownSession) -> int | None:
        versions = {known.session: known.session_version, known.account: known.account_version}
        return self._aggregates.head_unless_gone_on(versions)

    def _looked_up(self, session_id: UUID) -> KnownSession | None:
        session = self._aggregates.find(Session, session_id)
        if session is None:
            return None
        known = KnownSession.of(session, self._aggregates.find(Account, session.account))
        self._cache.put(known)
        return known


def _require_newest(claims: Claims, known: KnownSession) -> None:
    if claims.proved_us != proof_us(known.reauthenticated_at):
        raise TokenRefused(
            "your identity was proved since, which gave a newer access token: use that, or refresh"
        )


def session_of(claims: Claims) -> UUID:
    """The session of a person's call.

    Raises:
        Refusal: 403, an API client calls.
    """
    if claims.session is None:
        raise Refusal(403, "session_required", "this is for people who have signed in, not for API clients")
    return claims.session
