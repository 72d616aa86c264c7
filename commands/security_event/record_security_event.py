"""The service notes what concerns its safety."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from countersign.aggregates.security_event import Noted, SecurityEvent
from countersign.commands.permit import permit
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordSecurityEvent:
    event_id: UUID
    noted: Noted


def record_security_event(command: RecordSecurityEvent, store: Store) -> Receipt:
    """Record it; the address is kept under the account's key, or under one that the network itself has."""
    permit(store, "RecordSecurityEvent")
    noted = command.noted
    subject = noted.account or store.private_id("network", noted.network)
    return store.save(SecurityEvent.record(command.event_id, store.now, noted, subject))
