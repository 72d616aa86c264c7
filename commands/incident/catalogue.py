"""Every command about incidents, and the handler that decides it."""

from __future__ import annotations

from collections.abc import Mapping

from countersign.commands.handler import Handler
from countersign.commands.incident.acknowledge_incident import AcknowledgeIncident, acknowledge_incident
from countersign.commands.incident.escalate_incident import EscalateIncident, escalate_incident
from countersign.commands.incident.open_incident import OpenIncident, open_incident
from countersign.commands.incident.resolve_incident import ResolveIncident, resolve_incident


def handlers() -> Mapping[type, Handler]:
    """The handlers by the class of their message."""
    return {
        OpenIncident: open_incident,
        EscalateIncident: escalate_incident,
        AcknowledgeIncident: acknowledge_incident,
        ResolveIncident: resolve_incident,
    }
