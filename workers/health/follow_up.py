"""Opens, escalates and resolves incidents by how the components stand."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID, uuid4

from countersign.aggregates.incident import IncidentSeverity, IncidentStatus, incident_id
from countersign.aggregates.root import DomainError
from countersign.commands.incident.escalate_incident import EscalateIncident
from countersign.commands.incident.open_incident import OpenIncident
from countersign.commands.incident.resolve_incident import ResolveIncident
from countersign.eventstore.context import SYSTEM, Context
from countersign.projections.health.health_readings import Standing
from countersign.projections.health.incidents_queries import IncidentRow
from countersign.projections.health.reading import Condition
from countersign.workers.health.options import HealthOptions
from countersign.workers.issuer import Dispatch

logger = logging.getLogger(__name__)

UNSEEN: Final = timedelta(minutes=10)
"""Of a component that nobody has looked at for so long, nothing is concluded."""
SEVERITIES: Final[Mapping[Condition, IncidentSeverity]] = MappingProxyType(
    {Condition.DEGRADED: IncidentSeverity.WARNING, Condition.FAILED: IncidentSeverity.CRITICAL}
)


class FollowUp:
    """Gives commands with keys of their own, so that a list of incidents that lags does no harm."""

    def __init__(self, dispatcher: Dispatch, options: HealthOptions) -> None:
        self._dispatcher = dispatcher
        self._options = options

    def follow(self, standings: Iterable[Standing], unresolved: Iterable[IncidentRow], now: datetime) -> None:
        """Do what the standings ask for."""
        known = {incident.component: incident for incident in unresolved}
        for standing in standings:
            if now - standing.at < UNSEEN:
                self._judge(standing, known.get(standing.component), now)

    def _judge(self, standing: Standing, incident: IncidentRow | None, now: datetime) -> None:
        if standing.condition.is_well:
            if incident is not None and standing.run >= self._options.resolve_after:
                done = ResolveIncident(incident_id=incident.incident_id, reading=standing.says)
                self._give(done, incident.incident_id, "resolve")
        elif incident is None:
            if standing.run >= self._options.open_after:
                self._open(standing)
        else:
            self._escalate(standing, incident, now)

    def _open(self, standing: Standing) -> None:
        command = OpenIncident(
            component=standing.component,
            severity=SEVERITIES[standing.condition],
            reading=standing.says,
            since=standing.since,
        )
        self._give(command, incident_id(standing.component, standing.since), "open")

    def _escalate(self, standing: Standing, incident: IncidentRow, now: datetime) -> None:
        severity = SEVERITIES[standing.condition]
        worse = severity is IncidentSeverity.CRITICAL and incident.severity != severity
        if worse or self._is_left_alone(incident, now):
            louder = severity if worse else IncidentSeverity(incident.severity)
            command = EscalateIncident(
                incident_id=incident.incident_id, severity=louder, reading=standing.says
            )
            self._give(command, incident.incident_id, f"escalate {incident.escalations + 1}")

    def _is_left_alone(self, incident: IncidentRow, now: datetime) -> bool:
        called_at = incident.escalated_at or incident.opened_at
        return (
            incident.status == IncidentStatus.OPEN
            and incident.escalations < self._options.escalations_max
            and (now - called_at).total_seconds() >= self._options.escalate_after_s
        )

    def _give(self, command: Any, incident: UUID, step: str) -> None:
        context = Context(
            actor=SYSTEM, command_key=f"{incident}/{step}", correlation=str(uuid4()), fresh_key=True
        )
        try:
            self._dispatcher.dispatch(command, context)
        except DomainError as refusal:  # the list that this was concluded from lags behind the log
            logger.info("incident left as it is", extra={"incident": str(incident), "reason": refusal.code})
