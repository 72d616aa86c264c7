"""An API client is kept out for good."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from countersign.aggregates.api_client import ApiClient
from countersign.commands.permit import permit
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeApiClient:
    client_id: UUID
    reason: str


def revoke_api_client(command: RevokeApiClient, store: Store) -> Receipt:
    """None of its keys is good any more, and none ever will be."""
    client = store.load(ApiClient, command.client_id)
    permit(store, "RevokeApiClient", own=[client.creator])
    client.revoke(store.now, command.reason)
    return store.save(client)
