"""Incidents: what was not well, and who sees to it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from falcon import Request, Response

from countersign.aggregates.incident import Incident
from countersign.commands.incident.acknowledge_incident import AcknowledgeIncident
from countersign.commands.incident.resolve_incident import ResolveIncident
from countersign.eventstore.store import NotFound
from countersign.http.calls import answer_receipt, as_left, call_of
from countersign.http.endpoints import command, query
from countersign.http.health.incident_answer import (
    AcknowledgeForm,
    IncidentAnswer,
    IncidentDecisionAnswer,
    IncidentsAnswer,
    IncidentsWanted,
    ResolveForm,
)
from countersign.http.services import Services
from countersign.projections.health.incidents_queries import incident, incident_page


class Incidents:
    """`GET /v1/incidents`."""

    def __init__(self, services: Services) -> None:
        self._read = services.read

    @query("Operations", reads=("incidents",), action="ViewHealth")
    def on_get(self, _req: Request, _resp: Response, query: IncidentsWanted) -> IncidentsAnswer:
        """List incidents, the newest first."""
        page = incident_page(
            self._read,
            status=query.status,
            component=query.component,
            severity=query.severity,
            cursor=query.cursor,
            limit=query.limit,
        )
        items = [IncidentAnswer.model_validate(row) for row in page.rows]
        return IncidentsAnswer(items=items, next_cursor=page.next_cursor)


class OneIncident:
    """`GET /v1/incidents/{incident_id}`."""

    def __init__(self, services: Services) -> None:
        self._read = services.read

    @query("Operations", reads=("incidents",), action="ViewHealth", refusals=(404,))
    def on_get(self, _req: Request, _resp: Response, incident_id: UUID) -> IncidentAnswer:
        """Show one."""
        found = incident(self._read, incident_id)
        if found is None:
            raise NotFound(f"there is no incident with the id {incident_id}")
        return IncidentAnswer.model_validate(found)


class IncidentAcknowledgement:
    """`POST /v1/incidents/{incident_id}/acknowledge`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @command("Operations", refusals=(403, 404, 409))
    def on_post(
        self, req: Request, resp: Response, incident_id: UUID, form: AcknowledgeForm
    ) -> IncidentDecisionAnswer:
        """Say that you see to it: it is not escalated any more, unless it gets worse."""
        wanted = AcknowledgeIncident(incident_id=incident_id, note=form.note)
        return _decided(self._services, req, resp, wanted)


class IncidentResolution:
    """`POST /v1/incidents/{incident_id}/resolve`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @command("Operations", refusals=(403, 404, 409))
    def on_post(
        self, req: Request, resp: Response, incident_id: UUID, form: ResolveForm
    ) -> IncidentDecisionAnswer:
        """Close it by hand; good readings close it by themselves."""
        wanted = ResolveIncident(incident_id=incident_id, note=form.note)
        return _decided(self._services, req, resp, wanted)


def _decided(services: Services, req: Request, resp: Response, wanted: Any) -> IncidentDecisionAnswer:
    receipt = services.dispatch(wanted, call_of(req).context)
    answer_receipt(resp, receipt)
    left = as_left(services.aggregates, Incident, wanted.incident_id, receipt)
    return IncidentDecisionAnswer(incident_id=left.id, status=left.status)
