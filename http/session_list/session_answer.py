"""A session as the API shows it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from countersign.aggregates.session import Session
from countersign.eventstore.aggregates import Aggregates
from countersign.http.answers import Answer
from countersign.http.staleness import Item
from countersign.projections.people.sessions_queries import ListedSession


class ListedSessionAnswer(Item):
    """A log-in: when, from where and how. `current` is the one that asks."""

    HANGS_ON = ("id", "account")
    id: UUID
    account: UUID
    current: bool
    started_at: datetime
    last_used_at: datetime
    idle_until: datetime
    expires_at: datetime
    reauthenticated_at: datetime | None
    network: str
    agent: str
    new_network: bool
    factors: list[str]
    ended_at: datetime | None
    ended_because: str | None


class SessionsAnswer(Answer):
    """A page of sessions, the newest first."""

    items: list[ListedSessionAnswer]
    next_cursor: str | None


def session_answer(
    listed: ListedSession, aggregates: Aggregates, current: UUID | None
) -> ListedSessionAnswer:
    """A row of the list with where it came from, which stands in the log alone."""
    session = aggregates.find(Session, listed.session_id)
    return ListedSessionAnswer(
        id=listed.session_id,
        account=listed.account,
        current=listed.session_id == current,
        started_at=listed.started_at,
        last_used_at=listed.last_used_at,
        idle_until=listed.idle_until,
        expires_at=listed.expires_at,
        reauthenticated_at=listed.reauthenticated_at,
        network=str(session.network) if session else "",
        agent=session.agent if session else "",
        new_network=listed.new_network,
        factors=listed.factors,
        ended_at=listed.ended_at,
        ended_because=listed.ended_because,
    )
