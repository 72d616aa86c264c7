"""Proving again who one is, which signing asks for."""

from __future__ import annotations

from datetime import datetime

from falcon import Request, Response

from countersign.aggregates.session import Session
from countersign.commands.session import reauthenticate
from countersign.commands.session.attempt import require_success
from countersign.http.answers import Answer
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
    """From this time on one may sign, for some minutes."""

    reauthenticated_at: datetime


class Reauthenticate:
    """`POST /v1/auth/reauthenticate`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @command("Signing in", refusals=(429,))
    def on_post(self, req: Request, resp: Response, form: PasswordForm) -> Reauthenticated:
        """Give the password again, and a code where there is a second factor, in order to sign soon."""
        session_id = session_of(req.context.claims)
        wanted = reauthenticate.Reauthenticate(session_id=session_id, password=form.password, code=form.code)
        receipt = self._services.dispatch(wanted, call_of(req).context)
        require_success(self._services.aggregates, receipt, session_id)
        answer_receipt(resp, receipt)
        session = as_left(self._services.aggregates, Session, session_id, receipt)
        renew_cookie(req, resp, self._services.cookie_ids, session)
        return Reauthenticated.model_validate(session)
