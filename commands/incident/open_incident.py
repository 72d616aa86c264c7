"""The health check has found a component not well, several times in a row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from countersign.aggregates.incident import Incident, IncidentSeverity, incident_id
from countersign.commands.permit import permit
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenIncident:
    """`since` is the first of the bad readings, `reading` the last."""

    component: str
    severity: IncidentSeverity
    reading: str
    since: datetime


def open_incident(command: OpenIncident, store: Store) -> Receipt:
    """Open it, once for the component and the time since when it has not been well."""
    permit(store, "OpenIncident")
    if store.find(Incident, incident_id(command.component, command.since)) is not None:
        return store.save()
    return store.save(
        Incident.open(store.now, command.component, command.severity, command.reading, command.since)
    )
