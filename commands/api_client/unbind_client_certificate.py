"""An API client needs no TLS certificate any more."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from countersign.aggregates.api_client import ApiClient
from countersign.commands.api_client.granting import require_no_more_than_caller
from countersign.commands.permit import permit
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class UnbindClientCertificate:
    client_id: UUID


def unbind_client_certificate(command: UnbindClientCertificate, store: Store) -> Receipt:
    """From its next call on its key alone is enough.

    Raises:
        ScopeNotGrantable: a key asks that may do less than the client.
    """
    client = store.load(ApiClient, command.client_id)
    permit(store, "UnbindClientCertificate", own=[client.creator])
    require_no_more_than_caller(store, client)
    client.unbind_certificate(store.now)
    return store.save(client)
