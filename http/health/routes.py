"""The addresses about health and incidents."""

from __future__ import annotations

from typing import Any

from falcon import App

from countersign.http.health.health import Health, HealthReadings
from countersign.http.health.incidents import (
    IncidentAcknowledgement,
    IncidentResolution,
    Incidents,
    OneIncident,
)
from countersign.http.health.operations_reports import OperationsDocument, OperationsReports
from countersign.http.health.trends import Samples, Trends
from countersign.http.services import Services

_ONE = "/v1/incidents/{incident_id:uuid}"


def add_health_routes(app: App[Any, Any], services: Services) -> None:
    """Give an app these addresses."""
    app.add_route("/v1/health", Health(services))
    app.add_route("/v1/health/readings", HealthReadings(services))
    app.add_route("/v1/metrics", Samples(services))
    app.add_route("/v1/metrics/trends", Trends(services))
    app.add_route("/v1/operations-reports", OperationsReports(services))
    app.add_route("/v1/operations-reports/{report_id:uuid}/document", OperationsDocument(services))
    app.add_route("/v1/incidents", Incidents(services))
    app.add_route(_ONE, OneIncident(services))
    app.add_route(f"{_ONE}/acknowledge", IncidentAcknowledgement(services))
    app.add_route(f"{_ONE}/resolve", IncidentResolution(services))
