"""An API client is bound to a TLS certificate."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from countersign.aggregates.api_client import ApiClient
from countersign.aggregates.certificate_fingerprint import agreed_fingerprint
from countersign.commands.api_client.granting import require_no_more_than_caller
from countersign.commands.permit import permit
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class BindClientCertificate:
    """`sha256` in hexadecimal digits, with colons or without."""

    client_id: UUID
    sha256: str


def bind_client_certificate(command: BindClientCertificate, store: Store) -> Receipt:
    """From its next call on a key of it is refused without this certificate.

    Raises:
        InvalidFingerprint: it is no SHA-256.
        ScopeNotGrantable: a key asks that may do less than the client.
        ClientRevoked: it is out for good.
    """
    client = store.load(ApiClient, command.client_id)
    permit(store, "BindClientCertificate", own=[client.creator])
    require_no_more_than_caller(store, client)
    client.bind_certificate(store.now, agreed_fingerprint(command.sha256))
    return store.save(client)
