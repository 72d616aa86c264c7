"""An API client is put under other terms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from countersign.aggregates.api_client import ApiClient
from countersign.aggregates.api_client_terms import agreed_terms
from countersign.commands.api_client.granting import require_grantable, require_no_more_than_caller
from countersign.commands.options import Options
from countersign.commands.permit import permit
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateApiClient:
    client_id: UUID
    expected_version: int
    name: str
    scopes: tuple[str, ...]
    rate_limit: int
    expires_at: datetime


def update_api_client(command: UpdateApiClient, store: Store, options: Options) -> Receipt:
    """Give it all of these terms in the place of those it has; a later end prolongs it.

    Raises:
        StaleVersion: it has changed since it was read.
        InvalidTerms: with pointers.
        ScopeNotGrantable: beyond the rights of its creator, or of the key that asks.
        ClientRevoked: it is out for good.
    """
    client = store.load(ApiClient, command.client_id, expected_version=command.expected_version)
    permit(store, "UpdateApiClient", own=[client.creator])
    require_no_more_than_caller(store, client)
    terms = agreed_terms(
        store.now,
        name=command.name,
        scopes=command.scopes,
        rate_limit=command.rate_limit,
        expires_at=command.expires_at,
        longest=options.api_client_longest,
    )
    require_grantable(store, client.creator, terms.scopes)
    client.change(store.now, terms)
    return store.save(client)
