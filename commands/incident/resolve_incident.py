"""An incident is over: the component is well again, or an operator says so."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from countersign.aggregates.incident import Incident
from countersign.commands.permit import permit
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolveIncident:
    """`reading` is what the health check found, `note` what a person says."""

    incident_id: UUID
    reading: str = ""
    note: str = ""


def resolve_incident(command: ResolveIncident, store: Store) -> Receipt:
    """Close it."""
    permit(store, "ResolveIncident")
    incident = store.load(Incident, command.incident_id)
    incident.resolve(store.now, command.reading, command.note)
    return store.save(incident)
