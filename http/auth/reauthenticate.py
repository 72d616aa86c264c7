"""Proving again who one is, which signing asks for."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast
from uuid import UUID

from falcon import Request, Response

from countersign.aggregates.session import Session
from countersign.commands.session import reauthenticate
from countersign.commands.session.attempt import require_success
from countersign.commands.session.signed_in import signed_in
from countersign.http.answers import Answer
from countersign.http.auth.tokens_answer import access_token_for
from countersign.http.bodies import Form
from countersign.http.browser.cookie import renew_cookie
from countersign.http.calls import answer_receipt, as_left, call_of
from countersign.http.endpoints import command
from countersign.http.fields import FactorCode, Password
from countersign.http.services import Services
from countersign.http.sessions import session_of


class PasswordForm(Form):
    """The password of whoever is signed in."""

    password: Password
    code: FactorCode | None = None


class Reauthenticated(Answer):
    """From this time on one may sign, for some minutes.

    Whoever sent an access token gets another one: those from before are of no use any more. A browser gets
    another cookie instead.
    """

    reauthenticated_at: datetime
    access_token: str | None
    expires_in: int | None


class Reauthenticate:
    """`POST /v1/auth/reauthenticate`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @command("Signing in", refusals=(429,), renewing=True)
    def on_post(self, req: Request, resp: Response, form: PasswordForm) -> Reauthenticated:
        """Give the password again, and a code where there is a second factor, in order to sign soon."""
        session_id = session_of(req.context.claims)
        wanted = reauthenticate.Reauthenticate(session_id=session_id, password=form.password, code=form.code)
        receipt = self._services.dispatch(wanted, call_of(req).context)
        require_success(self._services.aggregates, receipt, session_id)
        answer_receipt(resp, receipt)
        session = as_left(self._services.aggregates, Session, session_id, receipt)
        renew_cookie(req, resp, self._services.cookie_ids, session)
        return Reauthenticated(
            reauthenticated_at=cast("datetime", session.reauthenticated_at), **self._renewed(req, session_id)
        )

    def _renewed(self, req: Request, session_id: UUID) -> dict[str, Any]:
        if req.context.claims.method == "cookie":
            return {"access_token": None, "expires_in": None}
        tokens, now = self._services.access_tokens, self._services.clock()
        person = signed_in(self._services.aggregates, session_id, now)
        return {"access_token": access_token_for(person, tokens, now), "expires_in": tokens.lifetime_s}
