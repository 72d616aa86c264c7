"""Lists API clients, and those whose end is near."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select

from countersign.aggregates.api_client_standing import ClientStatus
from countersign.eventstore.databases import Database
from countersign.projections.keyset import Keyset, Page
from countersign.projections.people.api_clients import clients
from countersign.projections.projection import view_of
from countersign.projections.reading import having, page

_view: Final = view_of(clients)
_ORDER: Final = Keyset("name", (_view.c.name, _view.c.client_id))


@dataclass(frozen=True, slots=True)
class ApiClientRow:
    """An API client; of its keys only the beginning is known."""

    client_id: UUID
    version: int
    name: str
    creator: UUID
    prefix: str
    key_number: int
    retiring_until: datetime | None
    scopes: list[str]
    rate_limit: int
    status: str
    created_at: datetime
    expires_at: datetime


def api_clients(
    read: Database,
    *,
    creator: UUID | None = None,
    status: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[ApiClientRow]:
    """API clients by name.

    Raises:
        BadCursor: the cursor is not from this list.
    """
    wanted = having(_view, ApiClientRow, creator=creator, status=status)
    return page(read, ApiClientRow, _ORDER, wanted, cursor, limit)


def expiring_between(read: Database, after: datetime, before: datetime) -> tuple[UUID, ...]:
    """The clients that are not revoked and end within that time."""
    query = select(_view.c.client_id).where(
        _view.c.status != ClientStatus.REVOKED, _view.c.expires_at > after, _view.c.expires_at <= before
    )
    with read.read() as connection:
        return tuple(connection.scalars(query))
