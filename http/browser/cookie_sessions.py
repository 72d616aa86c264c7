"""People who call from a browser: their cookie, and the proof that a page of this service has sent it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import uuid4

from falcon import Request

from countersign.aggregates.root import DomainError
from countersign.aggregates.session import SessionEnded
from countersign.commands.session.continue_session import ContinueSession
from countersign.eventstore.outage import DatabaseUnavailable
from countersign.http.browser.cookie import CSRF_HEADER, invalid_cookie, presented
from countersign.http.browser.cookie_ids import CookieIds
from countersign.http.browser.own_origin import CrossSiteRefused, OwnOrigin
from countersign.http.calls import Dispatch, context_of
from countersign.http.session_cache.known_session import KnownSession
from countersign.http.sessions import Sessions
from countersign.http.tokens import Claims

logger = logging.getLogger(__name__)

_LEFT_ALONE: Final = timedelta(seconds=10)  # so that not every request waits for a log that is stuck
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})


class CookieSessions:
    """Reads the session cookie, and notes from time to time that the person is still there."""

    def __init__(
        self,
        ids: CookieIds,
        sessions: Sessions,
        own_origin: OwnOrigin,
        dispatch: Dispatch,
        clock: Callable[[], datetime],
        seen_every_s: float,
    ) -> None:
        self._ids = ids
        self._sessions = sessions
        self._own_origin = own_origin
        self._dispatch = dispatch
        self._clock = clock
        self._seen_every_s = seen_every_s
        self._not_before = datetime.min.replace(tzinfo=UTC)

    def authenticate(self, req: Request) -> Claims | None:
        """See `Authenticator`.

        Raises:
            Refusal: 401, or 403 for what a page of another site may have sent.
            SessionEnded: the session is over.
        """
        cookie_id = presented(req)
        if cookie_id is None:
            return None
        now = self._clock()
        known = self._session_of(cookie_id)
        claims = claims_of(known, now)
        if req.method not in _SAFE:
            self._require_own_page(req, cookie_id)
        if (now - known.seen_at).total_seconds() >= self._seen_every_s and now >= self._not_before:
            self._go_on(req, claims, now)
        return claims

    def _session_of(self, cookie_id: str) -> KnownSession:
        claim = self._ids.read(cookie_id)
        if claim is None:
            raise invalid_cookie("the session cookie was not made by this service")
        known = self._sessions.find(claim.session)
        if known is None:
            raise SessionEnded("there is no session behind this call: sign in again")
        if not claim.is_of(known.reauthenticated_at):
            raise invalid_cookie("the session has a newer cookie")
        return known

    def _require_own_page(self, req: Request, cookie_id: str) -> None:
        self._own_origin.require(req)
        if not self._ids.is_csrf_token(req.get_header(CSRF_HEADER) or "", cookie_id):
            raise CrossSiteRefused(f"send what GET /v1/auth/csrf gives as {CSRF_HEADER}")

    def _go_on(self, req: Request, claims: Claims, now: datetime) -> None:
        try:
            self._dispatch(ContinueSession(), context_of(req, claims, str(uuid4()), fresh_key=True))
        except (DomainError, DatabaseUnavailable) as refused:  # reading goes on; a later request tries again
            self._not_before = now + _LEFT_ALONE
            logger.warning("session not continued", extra={"reason": str(refused)})


def claims_of(known: KnownSession, now: datetime) -> Claims:
    """Who calls by a cookie.

    Raises:
        SessionEnded: the session is over.
    """
    return Claims(
        account=known.account,
        session=known.session,
        role=known.require_live(now),
        expires_at=known.live_until,
        token_id=known.session,
        method="cookie",
        factors=known.factors,
        enrolment_only=known.enrolment_only,
        first_password=known.first_password,
        as_of=known.as_of,
    )
