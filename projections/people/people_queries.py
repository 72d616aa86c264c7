"""Looks people up: one, many names at once, or a list."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select

from countersign.eventstore.databases import Database
from countersign.projections.keyset import Keyset, Page
from countersign.projections.people.people import people
from countersign.projections.projection import view_of
from countersign.projections.reading import having, one, page

_view: Final = view_of(people)
_ORDER: Final = Keyset("name", (_view.c.name, _view.c.person_id))


@dataclass(frozen=True, slots=True)
class Person:
    """An account, somebody who was sent mail, or an API client; an erased one's name reads `(erased)`."""

    person_id: UUID
    kind: str
    name: str
    email: str
    erased: bool
    email_identity: UUID | None
    role: str | None
    status: str | None
    version: int | None
    known_since: datetime


def person(read: Database, person_id: UUID) -> Person | None:
    """One person, or None."""
    return one(read, Person, having(_view, Person, person_id=person_id))


def names(read: Database, ids: Collection[UUID]) -> dict[UUID, str]:
    """The names of these people, as far as they are known."""
    query = select(_view.c.person_id, _view.c.name).where(_view.c.person_id.in_(ids))
    with read.read() as connection:
        return {row.person_id: row.name for row in connection.execute(query)}


def people_page(
    read: Database,
    *,
    kind: str | None = None,
    role: str | None = None,
    status: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Person]:
    """People by name.

    Raises:
        BadCursor: the cursor is not from this list.
    """
    return page(
        read, Person, _ORDER, having(_view, Person, kind=kind, role=role, status=status), cursor, limit
    )
