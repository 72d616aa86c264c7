"""An incident got worse, or nobody has come."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from countersign.aggregates.incident import Incident, IncidentSeverity
from countersign.commands.permit import permit
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalateIncident:
    incident_id: UUID
    severity: IncidentSeverity
    reading: str


def escalate_incident(command: EscalateIncident, store: Store) -> Receipt:
    """Call louder."""
    permit(store, "EscalateIncident")
    incident = store.load(Incident, command.incident_id)
    incident.escalate(store.now, command.severity, command.reading)
    return store.save(incident)
