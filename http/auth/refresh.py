"""Going on without the password."""

from __future__ import annotations

from typing import Annotated

from falcon import Request, Response
from pydantic import StringConstraints

from countersign.commands.session.refresh_session import RefreshSession
from countersign.http.auth.tokens_answer import Tokens, tokens_for
from countersign.http.bodies import Form
from countersign.http.calls import call_of
from countersign.http.endpoints import command
from countersign.http.services import Services


class RefreshForm(Form):
    """The newest refresh token; an older one ends the session, since somebody has copied it."""

    refresh_token: Annotated[str, StringConstraints(min_length=1, max_length=200)]


class Refresh:
    """`POST /v1/auth/refresh`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @command("Signing in", public=True, refusals=(401,))
    def on_post(self, req: Request, resp: Response, form: RefreshForm) -> Tokens:
        """Exchange a refresh token for new tokens. Each is good once."""
        services, tokens = self._services, self._services.refresh_tokens
        session_id = tokens.read(form.refresh_token).session
        wanted = RefreshSession(session_id=session_id, refresh_token=form.refresh_token)
        receipt = services.dispatch(wanted, call_of(req, scope=session_id).context)
        return tokens_for(session_id, tokens.after(form.refresh_token), services, resp, receipt)
