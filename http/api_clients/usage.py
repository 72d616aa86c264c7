"""How often an API client has called."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Literal
from uuid import UUID

from falcon import Request, Response
from pydantic import Field

from countersign.http.answers import Answer
from countersign.http.api_clients.visibility import visible_client
from countersign.http.endpoints import query
from countersign.http.fields import Instant
from countersign.http.parameters import Parameters
from countersign.http.services import Services
from countersign.projections.people.api_usage import usage_of


class UsageWanted(Parameters):
    """From when to when; without `since`, the last 7 days."""

    since: Instant | None = None
    before: Instant | None = None
    limit: Annotated[int, Field(ge=1, le=1000)] = 200


class UsageAnswer(Answer):
    """The calls of an hour, or of a day long ago; `refused` (4xx) and `failed` (5xx) are among `requests`."""

    span: Literal["hour", "day"]
    began_at: datetime
    requests: int
    refused: int
    failed: int


class UsagesAnswer(Answer):
    """The hours in which an API client called, the newest first; the latest seconds may be missing."""

    items: list[UsageAnswer]


class ApiClientUsage:
    """`GET /v1/api-clients/{client_id}/usage`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @query("API clients", reads=None)
    def on_get(self, req: Request, _resp: Response, client_id: UUID, query: UsageWanted) -> UsagesAnswer:
        """Tell how often an API client called, by hour."""
        services = self._services
        visible_client(services.aggregates, req.context.claims, client_id)
        before = query.before or services.clock() + timedelta(seconds=1)
        since = query.since or before - timedelta(days=7)
        found = usage_of(services.read, client_id, since=since, before=before, limit=query.limit)
        return UsagesAnswer(items=[UsageAnswer.model_validate(each) for each in found])
