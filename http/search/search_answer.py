"""A saved search as the API shows it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import ConfigDict

from countersign.aggregates.report.status import Status
from countersign.aggregates.role import Role
from countersign.aggregates.saved_search import SavedSearch
from countersign.aggregates.sought import Sought
from countersign.http.answers import Answer
from countersign.http.reports.people import People, PersonAnswer
from countersign.http.search.finding import SoughtFields
from countersign.http.staleness import Item
from countersign.http.tokens import Claims
from countersign.projections.search.saved_searches_queries import SavedSearchRow


class SoughtAnswer(SoughtFields, Answer):
    """What the search looks for, in the words of `GET /v1/search`."""

    model_config = ConfigDict(serialize_by_alias=True, validate_by_name=True)

    @classmethod
    def of(cls, sought: Sought) -> SoughtAnswer:
        """What was kept."""
        return cls(
            q=sought.text,
            type=sought.report_type,
            status=None if sought.status is None else Status(sought.status),
            client=sought.client_name,
            project=sought.project_reference,
            owner=sought.owner,
            since=sought.since,
            before=sought.before,
            part=sought.part,
        )


class SearchAnswer(Item):
    """A search that is kept by its `owner`, and who else finds it in their list."""

    HANGS_ON = ("id",)
    id: UUID
    name: str
    owner: PersonAnswer
    mine: bool
    search: SoughtAnswer
    everybody: bool
    roles: list[Role]
    saved_at: datetime
    results: str


class SearchesAnswer(Answer):
    """A page of searches, by name."""

    items: list[SearchAnswer]
    next_cursor: str | None


def answer_of_row(row: SavedSearchRow, people: People, claims: Claims) -> SearchAnswer:
    """As lists show it."""
    return SearchAnswer(
        id=row.search_id,
        name=row.name,
        owner=people.person(row.owner),
        mine=row.owner == claims.account,
        search=SoughtAnswer.of(row.sought),
        everybody=row.everybody,
        roles=list(row.roles),
        saved_at=row.saved_at,
        results=_results(row.search_id),
    )


def answer_of_log(search: SavedSearch, people: People, claims: Claims) -> SearchAnswer:
    """As a command has left it."""
    return SearchAnswer(
        id=search.id,
        name=search.name,
        owner=people.person(search.owner),
        mine=search.owner == claims.account,
        search=SoughtAnswer.of(search.sought),
        everybody=search.everybody,
        roles=list(search.roles),
        saved_at=search.created_on,
        results=_results(search.id),
    )


def _results(search_id: UUID) -> str:
    return f"/v1/searches/{search_id}/results"
