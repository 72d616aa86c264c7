"""Something that the service leans on was not well for a while: opened, escalated, acknowledged, resolved."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Self
from uuid import UUID

from countersign.aggregates.root import DomainError, Root, derived_id


class IncidentSeverity(StrEnum):
    """Whether it works worse than it should, or does not work."""

    WARNING = "warning"
    CRITICAL = "critical"


class IncidentStatus(StrEnum):
    """Acknowledged: somebody sees to it, so it is not escalated any more."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"


class IncidentResolved(DomainError):
    """It is over; if it comes again, that is another incident."""

    code = "incident_resolved"


class IncidentAcknowledged(DomainError):
    """Somebody sees to it already."""

    code = "incident_acknowledged"


class NoteNeeded(DomainError):
    """Whoever comes later wants to know what was done."""

    code = "note_needed"
    status = 422


def incident_id(component: str, since: datetime) -> UUID:
    """The incident of a component that has not been well since then: two who notice mean the same one."""
    return derived_id("incident", component, since.astimezone(UTC).isoformat())


class Incident(Root):
    """Of one component; `since` is the first bad reading, `escalations` counts how often nobody came."""

    TOPIC = "incident"
    component: str
    severity: IncidentSeverity
    reading: str
    since: datetime
    status: IncidentStatus = IncidentStatus.OPEN
    escalations: int = 0

    class Created(Root.Created):
        TOPIC = "incident.opened"
        component: str
        severity: IncidentSeverity
        reading: str
        since: datetime

    class Escalated(Root.Event):
        TOPIC = "incident.escalated"
        severity: IncidentSeverity
        reading: str

        def apply(self, incident: Incident) -> None:
            incident.severity = self.severity
            incident.reading = self.reading
            incident.escalations += 1

    class Acknowledged(Root.Event):
        TOPIC = "incident.acknowledged"
        note: str

        def apply(self, incident: Incident) -> None:
            incident.status = IncidentStatus.ACKNOWLEDGED

    class Resolved(Root.Event):
        TOPIC = "incident.resolved"
        reading: str
        note: str

        def apply(self, incident: Incident) -> None:
            incident.status = IncidentStatus.RESOLVED

    @classmethod
    def open(
        cls, at: datetime, component: str, severity: IncidentSeverity, reading: str, since: datetime
    ) -> Self:
        """Note that a component has not been well for so long that somebody should know."""
        return cls._create(
            cls.Created,
            id=incident_id(component, since),
            timestamp=at,
            component=component,
            severity=severity,
            reading=reading,
            since=since.astimezone(UTC),
        )

    def escalate(self, at: datetime, severity: IncidentSeverity, reading: str) -> None:
        """Call louder: it got worse, or nobody came.

        Raises:
            IncidentResolved: it is over.
            IncidentAcknowledged: somebody sees to it, and it did not get worse.
        """
        self._require_unresolved()
        if self.status is IncidentStatus.ACKNOWLEDGED and severity is self.severity:
            raise IncidentAcknowledged(f"somebody sees to {self.component} already")
        self.trigger_event(self.Escalated, timestamp=at, severity=severity, reading=reading)

    def acknowledge(self, at: datetime, note: str) -> None:
        """Say that one sees to it.

        Raises:
            IncidentResolved: it is over.
            IncidentAcknowledged: somebody did before.
        """
        self._require_unresolved()
        if self.status is IncidentStatus.ACKNOWLEDGED:
            raise IncidentAcknowledged(f"somebody sees to {self.component} already")
        self.trigger_event(self.Acknowledged, timestamp=at, note=note.strip())

    def resolve(self, at: datetime, reading: str, note: str) -> None:
        """Say that it is over: a good `reading` tells it, or the `note` of whoever has seen to it.

        Raises:
            IncidentResolved: it was over before.
            NoteNeeded: neither tells why.
        """
        self._require_unresolved()
        if not reading and not note.strip():
            raise NoteNeeded("say what was done about it", (("/note", "say what was done about it"),))
        self.trigger_event(self.Resolved, timestamp=at, reading=reading, note=note.strip())

    def _require_unresolved(self) -> None:
        if self.status is IncidentStatus.RESOLVED:
            raise IncidentResolved(f"this incident of {self.component} is over")
