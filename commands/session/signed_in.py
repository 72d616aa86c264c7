"""Who a session stands for, as its tokens say it: asked after a log-in or a refresh was accepted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from countersign.aggregates.account import Account
from countersign.aggregates.role import Role
from countersign.aggregates.root import DomainError
from countersign.aggregates.session import REFRESH_REUSED, Session, SessionEnded
from countersign.commands.session.standing import require_standing
from countersign.eventstore.aggregates import Aggregates


class RefreshReused(DomainError):
    """A refresh token came a second time, so it was copied: its session was ended."""

    code = "refresh_reused"
    status = 401


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The person behind a live session."""

    account: UUID
    role: Role
    session: UUID
    expires_at: datetime
    factors: tuple[str, ...]
    reauthenticated_at: datetime | None


def signed_in(aggregates: Aggregates, session_id: UUID, now: datetime) -> SignedIn:
    """The person to make tokens for.

    Raises:
        RefreshReused: the refresh that was just accepted, or an earlier one, ended the session.
        SessionEnded: it is over for another reason, or there is none.
    """
    session = aggregates.find(Session, session_id)
    if session is None:
        raise SessionEnded("there is no such session: sign in again")
    if session.revoked_because == REFRESH_REUSED:
        raise RefreshReused("this refresh token was used before, so the session was ended: sign in again")
    session.require_live(now)
    account = require_standing(aggregates.find(Account, session.account), session)
    return SignedIn(
        account=account.id,
        role=cast("Role", account.role),
        session=session.id,
        expires_at=session.expires_at,
        factors=session.factors,
        reauthenticated_at=session.reauthenticated_at,
    )
