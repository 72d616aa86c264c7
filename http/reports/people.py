"""People as a report names them."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from countersign.eventstore.databases import Database
from countersign.http.answers import Answer
from countersign.projections.people.people_queries import names


class PersonAnswer(Answer):
    """Somebody, by id; the name is null while it is not known, and `(erased)` once it must not be."""

    id: UUID
    name: str | None


class People:
    """Some people, looked up at once."""

    def __init__(self, read: Database, ids: Iterable[UUID | None]) -> None:
        self._names = names(read, {each for each in ids if each is not None})

    def person(self, person_id: UUID) -> PersonAnswer:
        """One of them."""
        return PersonAnswer(id=person_id, name=self._names.get(person_id))

    def nobody_or(self, person_id: UUID | None) -> PersonAnswer | None:
        """One of them, or None for nobody."""
        return None if person_id is None else self.person(person_id)
