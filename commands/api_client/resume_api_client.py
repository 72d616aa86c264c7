"""A suspended API client is let in again."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from countersign.aggregates.api_client import ApiClient
from countersign.commands.api_client.granting import require_no_more_than_caller
from countersign.commands.permit import permit
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeApiClient:
    client_id: UUID


def resume_api_client(command: ResumeApiClient, store: Store) -> Receipt:
    """Its keys are good again. What somebody else has suspended, its creator does not let in again.

    Raises:
        ClientRevoked, NotSuspended: there is nothing to resume.
        ScopeNotGrantable: a key asks that may do less than the client.
    """
    client = store.load(ApiClient, command.client_id)
    by_another = client.suspended_by not in (None, client.creator)
    permit(store, "ResumeApiClient", own=[] if by_another else [client.creator])
    require_no_more_than_caller(store, client)
    client.resume(store.now)
    return store.save(client)
