"""Somebody lets others use a search that they keep."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from countersign.aggregates.role import Role
from countersign.aggregates.saved_search import SavedSearch
from countersign.commands.permit import permit
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareSearch:
    search_id: UUID
    everybody: bool = False
    roles: tuple[Role, ...] = ()


def share_search(command: ShareSearch, store: Store) -> Receipt:
    """Say for whom the search is from now on, besides its owner.

    Raises:
        NotFound: there is no such search.
        SearchDeleted: it is not kept any longer.
    """
    search = store.load(SavedSearch, command.search_id)
    permit(store, "ShareSearch", own=[search.owner])
    search.share(store.now, everybody=command.everybody, roles=command.roles)
    return store.save(search)
