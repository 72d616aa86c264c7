"""Operators hear of what does not work, of what nobody sees to, and of its end."""

from __future__ import annotations

from collections.abc import Sequence

from countersign.aggregates.incident import Incident, IncidentSeverity
from countersign.eventstore.mapper import Happened
from countersign.workers.effect import Wanted
from countersign.workers.kinds import COMMANDS, TELL_OPERATORS


def tell_of_incident(happened: Happened) -> Sequence[Wanted]:
    """A mail at once for what is critical; for a warning only when it is escalated."""
    match happened.event:
        case (
            Incident.Created(severity=IncidentSeverity.CRITICAL) | Incident.Escalated() | Incident.Resolved()
        ):
            payload = {"incident_id": str(happened.stream), "version": happened.version}
            return (Wanted(queue=COMMANDS, kind=TELL_OPERATORS, target="operators", payload=payload),)
    return ()
