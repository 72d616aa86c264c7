"""An API client as the API shows it."""

from __future__ import annotations

from datetime import datetime
from typing import Self
from uuid import UUID

from countersign.aggregates.api_client import ApiClient
from countersign.aggregates.api_client_standing import ClientStatus
from countersign.http.answers import Answer
from countersign.http.reports.people import People, PersonAnswer
from countersign.http.staleness import Item
from countersign.projections.people.api_clients_queries import ApiClientRow


class ApiClientAnswer(Item):
    """A program that may use the service. Its keys begin with `key_prefix`; `rate_limit` is an hour's.

    After a rotation the key before is good until `retiring_until`.
    """

    HANGS_ON = ("id",)
    id: UUID
    version: int
    name: str
    creator: PersonAnswer
    key_prefix: str
    key_number: int
    retiring_until: datetime | None
    scopes: list[str]
    rate_limit: int
    status: ClientStatus
    created_at: datetime
    expires_at: datetime

    @classmethod
    def of(cls, client: ApiClient | ApiClientRow, people: People) -> Self:
        """A client from the log or from the read tables."""
        return cls(
            id=client.client_id if isinstance(client, ApiClientRow) else client.id,
            version=client.version,
            name=client.name,
            creator=people.person(client.creator),
            key_prefix=f"cs_{client.prefix}",
            key_number=client.key_number,
            retiring_until=client.retiring_until,
            scopes=list(client.scopes),
            rate_limit=client.rate_limit,
            status=ClientStatus(client.status),
            created_at=client.created_at if isinstance(client, ApiClientRow) else client.created_on,
            expires_at=client.expires_at,
        )


class OneApiClientAnswer(ApiClientAnswer):
    """An API client; with a `certificate_sha256` its keys are good with that TLS certificate only."""

    certificate_sha256: str | None

    @classmethod
    def of_log(cls, client: ApiClient, people: People) -> Self:
        """A client from the log."""
        told = ApiClientAnswer.of(client, people).model_dump()
        return cls(**told, certificate_sha256=client.certificate or None)


class NewKeyAnswer(OneApiClientAnswer):
    """An API client with its newest key, which is shown here and nowhere else: keep it.

    Whoever repeats the command within some minutes, because the answer was lost, gets the key again; later
    it is null.
    """

    key: str | None


class ApiClientsAnswer(Answer):
    """A page of API clients, by name."""

    items: list[ApiClientAnswer]
    next_cursor: str | None
