"""Finding reports: by all that they say, or at once by number and title."""

from __future__ import annotations

from uuid import UUID

from falcon import Request, Response

from countersign.http.answers import Answer
from countersign.http.endpoints import query
from countersign.http.parameters import Parameters
from countersign.http.reports.visibility import whose_reports
from countersign.http.search.finding import READS, FoundAnswer, ReportsSought, Words, found_for
from countersign.http.services import Services
from countersign.http.staleness import Item
from countersign.projections.search.report_search_queries import suggestions


class Search:
    """`GET /v1/search`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @query("Search", reads=READS, refusals=(403,))
    def on_get(self, req: Request, _resp: Response, query: ReportsSought) -> FoundAnswer:
        """Find reports by the words in their header and sections, among those that one may see."""
        return found_for(self._services, req, query.sought(), query)


class BeginningsWanted(Parameters):
    """What has been typed so far."""

    q: Words = ""


class SuggestionAnswer(Item):
    """A report by its number and title."""

    HANGS_ON = ("id",)
    id: UUID
    document_number: str
    title: str
    href: str


class SuggestionsAnswer(Answer):
    """The best few, the best first."""

    items: list[SuggestionAnswer]


class Suggest:
    """`GET /v1/search/suggest`."""

    def __init__(self, services: Services) -> None:
        self._read = services.read

    @query("Search", reads=("report_register", "report_search"), refusals=(403,))
    def on_get(self, req: Request, _resp: Response, query: BeginningsWanted) -> SuggestionsAnswer:
        """Suggest reports whose number and title have the words, while somebody types."""
        found = suggestions(self._read, query.q, owner=whose_reports(req.context.claims))
        items = [
            SuggestionAnswer(
                id=each.report_id,
                document_number=each.document_number,
                title=each.title,
                href=f"/v1/reports/{each.report_id}",
            )
            for each in found
        ]
        return SuggestionsAnswer(items=items)
