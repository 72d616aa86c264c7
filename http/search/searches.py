"""The searches that people keep."""

from __future__ import annotations

from typing import Annotated, Any, Final
from uuid import UUID

from falcon import Request, Response
from pydantic import Field, StrictBool, StringConstraints

from countersign.aggregates.role import Role
from countersign.aggregates.root import DomainError
from countersign.aggregates.saved_search import LONGEST_NAME, SavedSearch
from countersign.commands.search.delete_search import DeleteSearch
from countersign.commands.search.save_search import SaveSearch
from countersign.commands.search.share_search import ShareSearch
from countersign.eventstore.aggregates import Aggregates
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import NotFound
from countersign.http.bodies import Form
from countersign.http.calls import answer_receipt, as_left, call_of
from countersign.http.endpoints import command, query
from countersign.http.parameters import Paging
from countersign.http.reports.people import People
from countersign.http.search.finding import READS, FoundAnswer, FoundWanted, SoughtFields, found_for
from countersign.http.search.search_answer import SearchAnswer, SearchesAnswer, answer_of_log, answer_of_row
from countersign.http.services import Services
from countersign.http.tokens import Claims
from countersign.projections.search.saved_searches_queries import saved_searches

_TELLING: Final = frozenset({403, 409, 422})
"""Refusals that would tell somebody that a search is there."""


class SoughtForm(SoughtFields, Form):
    """What the search looks for, as at `GET /v1/search`."""


class SearchForm(Form):
    """A search and its name."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_NAME)]
    search: SoughtForm


class AudienceForm(Form):
    """For whom a search is besides its owner: for everybody, for those in some roles, or for nobody."""

    everybody: StrictBool = False
    roles: Annotated[list[Role], Field(max_length=len(Role), default_factory=list)]


class Searches:
    """`/v1/searches`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @query("Search", reads=("saved_searches", "people"), action="ViewSearches")
    def on_get(self, req: Request, _resp: Response, query: Paging) -> SearchesAnswer:
        """List the searches that one keeps, and those that others share, by name."""
        claims, read = req.context.claims, self._services.read
        page = saved_searches(read, claims.account, claims.role, cursor=query.cursor, limit=query.limit)
        people = People(read, (row.owner for row in page.rows))
        items = [answer_of_row(row, people, claims) for row in page.rows]
        return SearchesAnswer(items=items, next_cursor=page.next_cursor)

    @command("Search", status=201, refusals=(403, 409))
    def on_post(self, req: Request, resp: Response, form: SearchForm) -> SearchAnswer:
        """Keep a search under a name."""
        call = call_of(req)
        search_id = call.new_id("saved_search")
        wanted = SaveSearch(search_id=search_id, name=form.name, sought=form.search.sought())
        receipt = self._services.dispatch(wanted, call.context)
        resp.location = f"/v1/searches/{search_id}"
        return _answer_left(self._services, req, resp, search_id, receipt)


class OneSearch:
    """`/v1/searches/{search_id}`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @query("Search", action="ViewSearches")
    def on_get(self, req: Request, _resp: Response, search_id: UUID) -> SearchAnswer:
        """Show a search that one keeps, or that is shared."""
        search = _visible(self._services.aggregates, req.context.claims, search_id)
        return answer_of_log(search, People(self._services.read, (search.owner,)), req.context.claims)

    @command("Search", status=204, refusals=(403,))
    def on_delete(self, req: Request, resp: Response, search_id: UUID) -> None:
        """Keep a search no longer."""
        answer_receipt(resp, _give(self._services, req, search_id, DeleteSearch(search_id=search_id)))


class SearchAudience:
    """`PUT /v1/searches/{search_id}/audience`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @command("Search", refusals=(403,))
    def on_put(self, req: Request, resp: Response, search_id: UUID, form: AudienceForm) -> SearchAnswer:
        """Say who finds the search in their list. What it finds is what each of them may see."""
        wanted = ShareSearch(search_id=search_id, everybody=form.everybody, roles=tuple(form.roles))
        receipt = _give(self._services, req, search_id, wanted)
        return _answer_left(self._services, req, resp, search_id, receipt)


class SearchResults:
    """`GET /v1/searches/{search_id}/results`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @query("Search", action="ViewSearches", reads=READS)
    def on_get(self, req: Request, _resp: Response, search_id: UUID, query: FoundWanted) -> FoundAnswer:
        """Run a search among the reports that one may see."""
        search = _visible(self._services.aggregates, req.context.claims, search_id)
        return found_for(self._services, req, search.sought, query)


def _visible(aggregates: Aggregates, claims: Claims, search_id: UUID) -> SavedSearch:
    search = aggregates.find(SavedSearch, search_id)
    if search is None or not search.is_for(claims.account, claims.role):
        raise NotFound(f"there is no saved search with the id {search_id}")
    return search


def _give(services: Services, req: Request, search_id: UUID, command: Any) -> Receipt:
    try:
        return services.dispatch(command, call_of(req).context)
    except DomainError as refusal:
        if refusal.status in _TELLING:
            services.sessions.current(req.context.claims, services.clock())
            _visible(services.aggregates, req.context.claims, search_id)
        raise


def _answer_left(
    services: Services, req: Request, resp: Response, search_id: UUID, receipt: Receipt
) -> SearchAnswer:
    search = as_left(services.aggregates, SavedSearch, search_id, receipt)
    answer_receipt(resp, receipt)
    return answer_of_log(search, People(services.read, (search.owner,)), req.context.claims)
