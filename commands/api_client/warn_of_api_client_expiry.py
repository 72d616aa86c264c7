"""The end of an API client is near; who created it should know."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from countersign.aggregates.api_client import ApiClient
from countersign.commands.permit import permit
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class WarnOfApiClientExpiry:
    client_id: UUID


def warn_of_api_client_expiry(command: WarnOfApiClientExpiry, store: Store) -> Receipt:
    """Note it, once for each date on which it may end."""
    permit(store, "WarnOfApiClientExpiry")
    client = store.load(ApiClient, command.client_id)
    client.warn_of_expiry(store.now)
    return store.save(client)
