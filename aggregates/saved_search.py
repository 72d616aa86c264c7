"""A search that somebody keeps under a name, for themselves or for others as well."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Final, Self
from uuid import UUID

from countersign.aggregates.role import Role
from countersign.aggregates.root import DomainError, Root
from countersign.aggregates.sought import LONGEST_TEXT, Sought

LONGEST_NAME: Final = 100
_JOINERS: Final = {0x200C: None, 0x200D: None}  # invisible, and part of Persian and Indic names


class InvalidSearch(DomainError):
    """A search has a name, and words that it looks for."""

    code = "invalid_search"
    status = 422


class SearchDeleted(DomainError):
    """Who kept the search keeps it no longer."""

    code = "search_deleted"
    status = 404


class SavedSearch(Root):
    """It is run with the rights of whoever runs it: sharing a search shares no reports."""

    TOPIC = "saved_search"
    owner: UUID
    name: str
    sought: Sought
    everybody: bool = False
    roles: tuple[Role, ...] = ()
    deleted: bool = False

    class Created(Root.Created):
        TOPIC = "saved_search.saved"
        owner: UUID
        name: str
        sought: Sought

    class Shared(Root.Event):
        TOPIC = "saved_search.shared"
        everybody: bool
        roles: tuple[Role, ...]

        def apply(self, search: SavedSearch) -> None:
            search.everybody, search.roles = self.everybody, self.roles

    class Deleted(Root.Event):
        TOPIC = "saved_search.deleted"

        def apply(self, search: SavedSearch) -> None:
            search.deleted = True

    @classmethod
    def save(cls, search_id: UUID, at: datetime, owner: UUID, name: str, sought: Sought) -> Self:
        """Keep a search.

        Raises:
            InvalidSearch: with a pointer to each fault.
        """
        plain = " ".join(name.split())
        faults: list[tuple[str, str]] = []
        if not 0 < len(plain) <= LONGEST_NAME or not plain.translate(_JOINERS).isprintable():
            faults.append(("/name", f"a name has 1 to {LONGEST_NAME} printable characters"))
        if not sought.text.strip() or len(sought.text) > LONGEST_TEXT:
            faults.append(("/q", f"say in up to {LONGEST_TEXT} characters what to look for"))
        if faults:
            raise InvalidSearch("this search cannot be kept", tuple(faults))
        return cls._create(cls.Created, id=search_id, timestamp=at, owner=owner, name=plain, sought=sought)

    def share(self, at: datetime, *, everybody: bool, roles: Collection[Role]) -> None:
        """Let everybody, or those in some roles, find it in their lists; nobody but the owner, if none.

        Raises:
            SearchDeleted: it is gone.
        """
        self.require_kept()
        named = () if everybody else tuple(sorted(set(roles)))
        if (everybody, named) != (self.everybody, self.roles):
            self.trigger_event(self.Shared, timestamp=at, everybody=everybody, roles=named)

    def delete(self, at: datetime) -> None:
        """Keep it no longer; deleting it twice changes nothing."""
        if not self.deleted:
            self.trigger_event(self.Deleted, timestamp=at)

    def require_kept(self) -> None:
        """Refuse what makes no sense any more.

        Raises:
            SearchDeleted: it is gone.
        """
        if self.deleted:
            raise SearchDeleted("this search is not kept any longer")

    def is_for(self, account: UUID, role: Role) -> bool:
        """Whether somebody finds it in their list."""
        shared = self.everybody or role in self.roles
        return not self.deleted and (shared or account == self.owner)
