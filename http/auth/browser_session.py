"""Signing in with a browser, which gets a cookie instead of tokens."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from falcon import Request, Response

from countersign.aggregates.role import Role
from countersign.commands.session import log_in
from countersign.commands.session.attempt import require_success
from countersign.commands.session.revoke_session import RevokeSession
from countersign.commands.session.signed_in import signed_in
from countersign.http.answers import Answer
from countersign.http.auth.log_in import Credentials
from countersign.http.browser.cookie import NAME, set_cookie
from countersign.http.browser.cookie_sessions import claims_of
from countersign.http.browser.own_origin import OwnOrigin
from countersign.http.calls import answer_receipt, call_of, context_of
from countersign.http.endpoints import command
from countersign.http.options import Options
from countersign.http.services import Services


class BrowserSessionAnswer(Answer):
    """Who is signed in, and the word that a page sends as `X-CSRF-Token` with whatever changes something."""

    account: UUID
    role: Role
    session: UUID
    session_expires_at: datetime
    csrf_token: str


class BrowserSession:
    """`POST /v1/auth/browser-session`."""

    def __init__(self, services: Services, options: Options) -> None:
        self._services = services
        self._own_origin = OwnOrigin(options.public_url)

    @command("Signing in", public=True, refusals=(401, 403))
    def on_post(self, req: Request, resp: Response, form: Credentials) -> BrowserSessionAnswer:
        """Sign in from a page of this service. The session and its cookie are new, whatever cookie is sent.

        The session of a cookie that is sent ends.
        """
        self._own_origin.require(req)
        services, call = self._services, call_of(req, scope=uuid4())
        session_id = call.new_id("session")
        wanted = log_in.LogIn(session_id=session_id, email=form.email, password=form.password, code=form.code)
        receipt = services.dispatch(wanted, call.context)
        require_success(services.aggregates, receipt, session_id)
        answer_receipt(resp, receipt)
        self._end_replaced(req)
        person = signed_in(services.aggregates, session_id, services.clock())
        cookie_id = services.cookie_ids.issue(session_id)
        set_cookie(resp, cookie_id)
        return BrowserSessionAnswer(
            account=person.account,
            role=person.role,
            session=session_id,
            session_expires_at=person.expires_at,
            csrf_token=services.cookie_ids.csrf_token(cookie_id),
        )

    def _end_replaced(self, req: Request) -> None:
        services, now = self._services, self._services.clock()
        for cookie_id in req.get_cookie_values(NAME) or ():
            claim = services.cookie_ids.read(cookie_id)
            known = services.sessions.find(claim.session) if claim else None
            if known is not None and known.is_live(now):
                context = context_of(req, claims_of(known, now), str(uuid4()), fresh_key=True)
                services.dispatch(RevokeSession(session_id=known.session), context)
