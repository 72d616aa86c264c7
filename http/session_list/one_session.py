"""One session, to be ended."""

from __future__ import annotations

from uuid import UUID

from falcon import Request, Response

from countersign.aggregates.permissions import permitted
from countersign.aggregates.session import Session
from countersign.commands.session.revoke_session import RevokeSession
from countersign.eventstore.store import NotFound
from countersign.http.calls import answer_receipt, call_of
from countersign.http.endpoints import command
from countersign.http.services import Services


class OneSession:
    """`/v1/sessions/{session_id}`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @command("Sessions", status=204, refusals=(403, 404))
    def on_delete(self, req: Request, resp: Response, session_id: UUID) -> None:
        """End a session of one's own; an administrator ends anybody's.

        Another one than that of this request is ended after `POST /v1/auth/reauthenticate`.
        """
        claims = req.context.claims
        session = self._services.aggregates.find(Session, session_id)
        own = session is not None and session.account == claims.account
        if not permitted(claims.role, "RevokeSession", own=own, scopes=claims.scopes):
            raise NotFound(f"there is no session with the id {session_id}")  # or none that one may know of
        wanted = RevokeSession(session_id=session_id)
        answer_receipt(resp, self._services.dispatch(wanted, call_of(req).context))
