"""The certificate of the API was looked at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from countersign.aggregates.tls_certificate import TlsCertificate, certificate_id
from countersign.commands.permit import permit
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteCertificate:
    """`fingerprint` is the SHA-256 of the server's own; `warn_days` before its end it is noted first."""

    fingerprint: str
    subject: str
    not_after: datetime
    source: Literal["pem", "pfx"]
    warn_days: int


def note_certificate(command: NoteCertificate, store: Store) -> Receipt:
    """Note a new one, and when it is time to renew it."""
    permit(store, "NoteCertificate")
    certificate = store.find(TlsCertificate, certificate_id(command.fingerprint)) or TlsCertificate.load(
        store.now, command.fingerprint, command.subject, command.not_after, command.source
    )
    certificate.look_at(store.now, command.warn_days)
    return store.save(certificate)
