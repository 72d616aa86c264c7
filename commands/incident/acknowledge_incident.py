"""An operator sees to an incident."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from countersign.aggregates.incident import Incident
from countersign.commands.permit import permit
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class AcknowledgeIncident:
    incident_id: UUID
    note: str = ""


def acknowledge_incident(command: AcknowledgeIncident, store: Store) -> Receipt:
    """Note who does; from then on it is not escalated unless it gets worse."""
    permit(store, "AcknowledgeIncident")
    incident = store.load(Incident, command.incident_id)
    incident.acknowledge(store.now, command.note)
    return store.save(incident)
