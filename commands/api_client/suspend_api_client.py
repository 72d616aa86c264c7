"""An API client is kept out for now."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from countersign.aggregates.api_client import ApiClient
from countersign.commands.permit import permit
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspendApiClient:
    client_id: UUID
    reason: str


def suspend_api_client(command: SuspendApiClient, store: Store) -> Receipt:
    """From its next call on it is refused.

    Raises:
        ClientRevoked: it is out for good.
    """
    client = store.load(ApiClient, command.client_id)
    permit(store, "SuspendApiClient", own=[client.creator])
    client.suspend(store.now, store.context.actor, command.reason)
    return store.save(client)
