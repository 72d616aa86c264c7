"""Who is signed in."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from falcon import Request, Response

from countersign.aggregates.account import Account
from countersign.aggregates.authority.relation import Relation
from countersign.aggregates.permissions import PERMISSIONS
from countersign.aggregates.role import Role
from countersign.aggregates.session import Session
from countersign.eventstore.store import NotFound
from countersign.http.answers import Answer
from countersign.http.endpoints import query
from countersign.http.services import Services
from countersign.http.sessions import session_of


class SessionAnswer(Answer):
    """A log-in, and how long it holds."""

    id: UUID
    expires_at: datetime
    idle_until: datetime
    reauthenticated_at: datetime | None


class MeAnswer(Answer):
    """A person; `may` lists what they may do: to any thing, to their own, or where they are assigned."""

    account: UUID
    name: str
    email: str
    role: Role
    may: dict[str, Relation]
    session: SessionAnswer


class Me:
    """`GET /v1/me`."""

    def __init__(self, services: Services) -> None:
        self._aggregates = services.aggregates

    @query("Signing in", enrolling=True)
    def on_get(self, req: Request, _resp: Response) -> MeAnswer:
        """Tell who is signed in, and what they may do."""
        claims = req.context.claims
        account = self._aggregates.find(Account, claims.account)
        session = self._aggregates.find(Session, session_of(claims))
        if account is None or account.role is None or session is None:
            raise NotFound("there is no active account behind this session")
        return MeAnswer(
            account=account.id,
            name=str(account.name),
            email=str(account.email),
            role=account.role,
            may={
                action: roles[account.role] for action, roles in PERMISSIONS.items() if account.role in roles
            },
            session=SessionAnswer.model_validate(session),
        )
