"""One's sessions, and those of others for administrators."""

from __future__ import annotations

from uuid import UUID

from falcon import Request, Response

from countersign.aggregates.permissions import permitted
from countersign.commands.permit import NotPermitted
from countersign.commands.session.end_sessions import EndSessions
from countersign.http.calls import answer_receipt, call_of
from countersign.http.endpoints import command, query
from countersign.http.parameters import Paging
from countersign.http.services import Services
from countersign.http.session_list.session_answer import SessionsAnswer, session_answer
from countersign.http.sessions import session_of
from countersign.http.tokens import Claims
from countersign.projections.people.sessions_queries import session_page


class SessionsWanted(Paging):
    """Whose sessions: one's own unless an administrator names an account; `ended`: those over as well."""

    account: UUID | None = None
    ended: bool = False


class OpenSessions:
    """`/v1/sessions`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @query("Sessions", reads=("sessions",), enrolling=True)
    def on_get(self, req: Request, _resp: Response, query: SessionsWanted) -> SessionsAnswer:
        """List sessions, the newest first."""
        services, claims = self._services, req.context.claims
        account = query.account or claims.account
        _require_allowed(claims, account)
        page = session_page(
            services.read,
            account,
            live_at=None if query.ended else services.clock(),
            cursor=query.cursor,
            limit=query.limit,
        )
        items = [session_answer(each, services.aggregates, claims.session) for each in page.rows]
        return SessionsAnswer(items=items, next_cursor=page.next_cursor)

    @command("Sessions", status=204, refusals=(403,))
    def on_delete(self, req: Request, resp: Response) -> None:
        """End all one's other sessions, after `POST /v1/auth/reauthenticate`; the one that asks goes on."""
        session_of(req.context.claims)  # an API client has none, and the others are not its own
        wanted = EndSessions(account_id=req.context.claims.account)
        answer_receipt(resp, self._services.dispatch(wanted, call_of(req).context))


class SessionsOfAccount:
    """`/v1/accounts/{account_id}/sessions`."""

    def __init__(self, services: Services) -> None:
        self._dispatch = services.dispatch

    @command("Sessions", status=204, refusals=(403, 404))
    def on_delete(self, req: Request, resp: Response, account_id: UUID) -> None:
        """End all sessions of somebody."""
        wanted = EndSessions(account_id=account_id)
        answer_receipt(resp, self._dispatch(wanted, call_of(req).context))


def _require_allowed(claims: Claims, account: UUID) -> None:
    own = account == claims.account
    if not permitted(claims.role, "ViewSessions", own=own, scopes=claims.scopes):
        raise NotPermitted("your role or scopes do not let you see these sessions")
