"""The sessions of a person: those that go on, or all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from countersign.eventstore.databases import Database
from countersign.projections.keyset import Keyset, Page
from countersign.projections.people.sessions import sessions
from countersign.projections.projection import view_of
from countersign.projections.reading import having, page

_view: Final = view_of(sessions)
_ORDER: Final = Keyset("started_at", (_view.c.started_at, _view.c.session_id), descending=True)


@dataclass(frozen=True, slots=True)
class ListedSession:
    """A session as the list has it; one without `ended_at` may have run out all the same."""

    session_id: UUID
    account: UUID
    factors: list[str]
    new_network: bool
    started_at: datetime
    last_used_at: datetime
    idle_until: datetime
    expires_at: datetime
    reauthenticated_at: datetime | None
    ended_at: datetime | None
    ended_because: str | None


def session_page(
    read: Database,
    account: UUID,
    *,
    live_at: datetime | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[ListedSession]:
    """An account's sessions, the newest first; with `live_at` only those that go on then.

    Raises:
        BadCursor: the cursor is not from this list.
    """
    query = having(_view, ListedSession, account=account)
    if live_at is not None:
        query = query.where(
            _view.c.ended_at.is_(None), _view.c.idle_until > live_at, _view.c.expires_at > live_at
        )
    return page(read, ListedSession, _ORDER, query, cursor, limit)
