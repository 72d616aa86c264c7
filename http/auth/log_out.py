"""Signing out."""

from __future__ import annotations

from falcon import Request, Response

from countersign.commands.session.revoke_session import RevokeSession
from countersign.http.browser.cookie import clear_cookie
from countersign.http.calls import answer_receipt, call_of
from countersign.http.endpoints import command
from countersign.http.services import Services
from countersign.http.sessions import session_of


class LogOut:
    """`POST /v1/auth/logout`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @command("Signing in", status=204)
    def on_post(self, req: Request, resp: Response) -> None:
        """End this session: its tokens are of no use any more."""
        wanted = RevokeSession(session_id=session_of(req.context.claims))
        answer_receipt(resp, self._services.dispatch(wanted, call_of(req).context))
        if req.context.claims.method == "cookie":
            clear_cookie(resp)
