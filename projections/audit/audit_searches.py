"""What the audit log says of searches that people keep."""

from __future__ import annotations

from functools import singledispatch

from countersign.aggregates.root import Root
from countersign.aggregates.saved_search import SavedSearch


@singledispatch
def summary_of_searches(event: Root.Event) -> str | None:
    """The event in a sentence; None where it is of another kind."""
    return None


@summary_of_searches.register
def _(event: SavedSearch.Created) -> str:
    return f"Search {event.name} saved"


@summary_of_searches.register
def _(event: SavedSearch.Shared) -> str:
    with_whom = "everybody" if event.everybody else ", ".join(role.replace("_", " ") for role in event.roles)
    return f"Search shared with {with_whom or 'nobody any more'}"


@summary_of_searches.register
def _(event: SavedSearch.Deleted) -> str:
    return "Search deleted"
