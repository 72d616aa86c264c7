"""The addresses of searches."""

from __future__ import annotations

from typing import Any, Final

from falcon import App

from countersign.http.search.search import Search, Suggest
from countersign.http.search.searches import OneSearch, SearchAudience, Searches, SearchResults
from countersign.http.services import Services

_SEARCH: Final = "/v1/searches/{search_id:uuid}"


def add_search_routes(app: App[Any, Any], services: Services) -> None:
    """Give an app the addresses at which reports are found and searches kept."""
    app.add_route("/v1/search", Search(services))
    app.add_route("/v1/search/suggest", Suggest(services))
    app.add_route("/v1/searches", Searches(services))
    app.add_route(_SEARCH, OneSearch(services))
    app.add_route(f"{_SEARCH}/audience", SearchAudience(services))
    app.add_route(f"{_SEARCH}/results", SearchResults(services))
