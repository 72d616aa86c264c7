"""Lists the searches that somebody keeps or is let use."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec
from sqlalchemy import Connection, or_, select

from countersign.aggregates.role import Role
from countersign.aggregates.sought import Sought
from countersign.eventstore.databases import Database
from countersign.projections.keyset import Keyset, Page
from countersign.projections.projection import view_of
from countersign.projections.search.saved_searches import roles, searches

_view: Final = view_of(searches)
_roles: Final = view_of(roles)
_ORDER: Final = Keyset("name", (_view.c.name, _view.c.search_id))


@dataclass(frozen=True, slots=True)
class SavedSearchRow:
    """A search that is kept; it is shared with `everybody`, with those in `roles`, or with nobody."""

    search_id: UUID
    version: int
    owner: UUID
    name: str
    sought: Sought
    everybody: bool
    saved_at: datetime
    roles: tuple[Role, ...] = ()


def saved_searches(
    read: Database, account: UUID, role: Role, *, cursor: str | None = None, limit: int = 50
) -> Page[SavedSearchRow]:
    """Those of an account and those that are shared with it in that role, by name.

    Raises:
        BadCursor: the cursor is not from this list.
    """
    with_role = select(_roles.c.search_id).where(_roles.c.role == role)
    for_them = or_(_view.c.owner == account, _view.c.everybody, _view.c.search_id.in_(with_role))
    with read.read() as connection:
        page: Page[dict[str, Any]] = _ORDER.page(
            connection, select(_view).where(for_them), cursor, limit, dict
        )
        shared = _shared(connection, [row["search_id"] for row in page.rows])
    return Page(tuple(_row(row, shared) for row in page.rows), page.next_cursor)


def _shared(connection: Connection, ids: Collection[UUID]) -> dict[UUID, list[Role]]:
    found = select(_roles).where(_roles.c.search_id.in_(ids)).order_by(_roles.c.role)
    shared: defaultdict[UUID, list[Role]] = defaultdict(list)
    for row in connection.execute(found):
        shared[row.search_id].append(Role(row.role))
    return dict(shared)


def _row(row: dict[str, Any], shared: dict[UUID, list[Role]]) -> SavedSearchRow:
    sought = msgspec.convert(row["sought"], Sought)
    return SavedSearchRow(**{**row, "sought": sought, "roles": tuple(shared.get(row["search_id"], ()))})
