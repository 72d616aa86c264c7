"""Somebody keeps a search no longer."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from countersign.aggregates.saved_search import SavedSearch
from countersign.commands.permit import permit
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteSearch:
    search_id: UUID


def delete_search(command: DeleteSearch, store: Store) -> Receipt:
    """Take it from all lists; an administrator may do so with the searches of others.

    Raises:
        NotFound: there is no such search.
    """
    search = store.load(SavedSearch, command.search_id)
    permit(store, "DeleteSearch", own=[search.owner])
    search.delete(store.now)
    return store.save(search)
