"""Signing in."""

from __future__ import annotations

from uuid import uuid4

from falcon import Request, Response

from countersign.commands.session import log_in
from countersign.commands.session.attempt import require_success
from countersign.http.auth.tokens_answer import Tokens, tokens_for
from countersign.http.bodies import Form
from countersign.http.calls import call_of
from countersign.http.endpoints import command
from countersign.http.fields import EmailAddress, FactorCode, Password
from countersign.http.services import Services


class Credentials(Form):
    """Who somebody is, and how they prove it."""

    email: EmailAddress
    password: Password
    code: FactorCode | None = None


class LogIn:
    """`POST /v1/auth/login`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @command("Signing in", public=True, refusals=(401, 429))
    def on_post(self, req: Request, resp: Response, form: Credentials) -> Tokens:
        """Sign in with e-mail address and password, and a code where there is a second factor.

        Each time is a session of its own, whatever its key.
        """
        services, call = self._services, call_of(req, scope=uuid4())
        session_id = call.new_id("session")
        wanted = log_in.LogIn(session_id=session_id, email=form.email, password=form.password, code=form.code)
        receipt = services.dispatch(wanted, call.context)
        require_success(services.aggregates, receipt, session_id)
        return tokens_for(session_id, services.refresh_tokens.issue(session_id), services, resp, receipt)
