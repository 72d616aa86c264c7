"""All API clients, and letting one in."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from falcon import Request, Response
from pydantic import Field, StringConstraints

from countersign.aggregates.api_client import api_client_id
from countersign.aggregates.api_client_standing import ClientStatus
from countersign.aggregates.api_client_terms import MAX_NAME, MAX_RATE
from countersign.commands.api_client.api_keys import prefix_for
from countersign.commands.api_client.create_api_client import CreateApiClient
from countersign.http.api_clients.api_client_answer import ApiClientAnswer, ApiClientsAnswer, NewKeyAnswer
from countersign.http.api_clients.changes import answer_new_key
from countersign.http.api_clients.visibility import whose_clients
from countersign.http.bodies import Form
from countersign.http.calls import call_of
from countersign.http.endpoints import command, query
from countersign.http.fields import Instant, Key
from countersign.http.parameters import Paging
from countersign.http.reports.people import People
from countersign.http.services import Services
from countersign.projections.people.api_clients_queries import api_clients


class TermsForm(Form):
    """What an API client may do, how many requests an hour it may send, and until when.

    The scopes are at `GET /v1/api-clients/scopes`; nobody gives away what they may not do themselves.
    """

    name: Annotated[str, StringConstraints(min_length=1, max_length=MAX_NAME)]
    scopes: Annotated[list[Key], Field(min_length=1, max_length=50, examples=[["reports:read"]])]
    rate_limit: Annotated[int, Field(strict=True, ge=1, le=MAX_RATE)] = 5000
    expires_at: Instant


class ApiClientsWanted(Paging):
    """Which API clients; what is left out does not matter."""

    status: ClientStatus | None = None
    creator: UUID | None = None


class ApiClients:
    """`/v1/api-clients`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @query("API clients", reads=("api_clients", "people"), refusals=(403,))
    def on_get(self, req: Request, _resp: Response, query: ApiClientsWanted) -> ApiClientsAnswer:
        """List the API clients that one may see, by name."""
        only = whose_clients(req.context.claims)
        if only is not None and query.creator not in (None, only):
            return ApiClientsAnswer(items=[], next_cursor=None)
        page = api_clients(
            self._services.read,
            creator=only or query.creator,
            status=query.status,
            cursor=query.cursor,
            limit=query.limit,
        )
        people = People(self._services.read, (row.creator for row in page.rows))
        items = [ApiClientAnswer.of(row, people) for row in page.rows]
        return ApiClientsAnswer(items=items, next_cursor=page.next_cursor)

    @command("API clients", status=201, refusals=(403, 409))
    def on_post(self, req: Request, resp: Response, form: TermsForm) -> NewKeyAnswer:
        """Let a program in. Its key is in the answer, this once."""
        services, call = self._services, call_of(req)
        prefix = prefix_for(call.new_id("api_client"))
        wanted = CreateApiClient(
            prefix=prefix,
            name=form.name,
            scopes=tuple(form.scopes),
            rate_limit=form.rate_limit,
            expires_at=form.expires_at,
        )
        receipt = services.dispatch(wanted, call.context)
        if receipt.repeated:
            services.sessions.current(req.context.claims, services.clock())
        client_id = api_client_id(prefix)
        resp.location = f"/v1/api-clients/{client_id}"
        return answer_new_key(services, resp, client_id, receipt)
