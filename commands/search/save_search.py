"""Somebody keeps a search under a name."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from countersign.aggregates.root import DomainError
from countersign.aggregates.saved_search import SavedSearch
from countersign.aggregates.sought import Sought
from countersign.commands.permit import permit
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


class SearchExists(DomainError):
    """A search was kept under this id before."""

    code = "search_exists"


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveSearch:
    search_id: UUID
    name: str
    sought: Sought


def save_search(command: SaveSearch, store: Store) -> Receipt:
    """Keep it for its owner alone, until they share it.

    Raises:
        SearchExists: it has been kept before.
        InvalidSearch: with pointers.
    """
    permit(store, "SaveSearch")
    if store.find(SavedSearch, command.search_id) is not None:
        raise SearchExists("this search was saved before")
    owner = store.context.actor
    return store.save(SavedSearch.save(command.search_id, store.now, owner, command.name, command.sought))
