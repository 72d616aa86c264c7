"""The duty that writes to the operators about an incident."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import UUID

from countersign.aggregates.email_contents import EmailPurpose
from countersign.aggregates.incident import Incident, IncidentSeverity, IncidentStatus
from countersign.eventstore.aggregates import Aggregates
from countersign.workers.course import Course
from countersign.workers.effect import Effect
from countersign.workers.failure import EffectFailed
from countersign.workers.mail.occasion import MOMENT
from countersign.workers.mail.operators import operators
from countersign.workers.mail.planning import Planner


class TellOperators:
    """To everybody who runs the machine; where nobody does, to the administrators."""

    def __init__(self, aggregates: Aggregates, planner: Planner) -> None:
        self._aggregates = aggregates
        self._planner = planner

    def perform(self, effect: Effect, course: Course) -> None:
        """Plan a mail to each; of the end hears only who heard of the beginning."""
        version = int(effect.payload["version"])
        incident = self._aggregates.find(Incident, UUID(effect.payload["incident_id"]), version=version)
        if incident is None or not _was_told(incident):
            return
        for to in operators(self._aggregates):
            self._planner.plan(effect, EmailPurpose.HEALTH_ALERT, to, _facts(incident))

    def failed(self, effect: Effect, failure: EffectFailed, retry_at: datetime | None) -> None:
        """The effect itself is the record: there is no mail yet."""


def _was_told(incident: Incident) -> bool:
    return incident.severity is IncidentSeverity.CRITICAL or incident.escalations > 0


def _facts(incident: Incident) -> Mapping[str, str]:
    return {
        "component": incident.component.replace("_", " "),
        "severity": str(incident.severity),
        "state": _state(incident),
        "since": incident.since.astimezone(UTC).strftime(MOMENT),
        "reading": incident.reading,
        "incident_id": str(incident.id),
    }


def _state(incident: Incident) -> str:
    if incident.status is IncidentStatus.RESOLVED:
        return "resolved"
    return "escalated" if incident.escalations else "open"
