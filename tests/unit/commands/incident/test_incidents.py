"""Incidents in the log: opened by the service, seen to by operators."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest

from countersign.aggregates.incident import Incident, IncidentSeverity, IncidentStatus, incident_id
from countersign.aggregates.role import Role
from countersign.commands.incident.acknowledge_incident import AcknowledgeIncident
from countersign.commands.incident.escalate_incident import EscalateIncident
from countersign.commands.incident.open_incident import OpenIncident
from countersign.commands.incident.resolve_incident import ResolveIncident
from countersign.commands.permit import NotPermitted
from tests.unit.commands.people.service import Service, registration

SINCE = datetime(2026, 3, 2, 9, 27, tzinfo=UTC)
INCIDENT = incident_id("smtp", SINCE)
OPEN = OpenIncident(
    component="smtp", severity=IncidentSeverity.WARNING, reading="it answers slowly", since=SINCE
)


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    running = Service(tmp_path)
    yield running
    running.close()


def kept(service: Service) -> Incident:
    found = service.another_store().aggregates.find(Incident, INCIDENT)
    assert found is not None
    return found


def test_two_who_notice_open_one(service: Service) -> None:
    service.give(OPEN)
    service.give(OPEN)
    assert (kept(service).version, kept(service).component) == (1, "smtp")


def test_an_operator_acknowledges_and_resolves_it(service: Service) -> None:
    operator = uuid4()
    service.give(registration(operator, Role.OPERATOR), service.bootstrap())
    service.give(OPEN)
    service.give(AcknowledgeIncident(incident_id=INCIDENT, note="on my way"), operator)
    assert kept(service).status is IncidentStatus.ACKNOWLEDGED
    service.give(ResolveIncident(incident_id=INCIDENT, note="restarted"), operator)
    assert kept(service).status is IncidentStatus.RESOLVED


def test_the_service_escalates_it_and_resolves_it(service: Service) -> None:
    service.give(OPEN)
    service.give(EscalateIncident(incident_id=INCIDENT, severity=IncidentSeverity.CRITICAL, reading="gone"))
    assert (kept(service).severity, kept(service).escalations) == (IncidentSeverity.CRITICAL, 1)
    service.give(ResolveIncident(incident_id=INCIDENT, reading="it answers"))
    assert kept(service).status is IncidentStatus.RESOLVED


def test_no_person_opens_one_and_no_engineer_ends_one(service: Service) -> None:
    administrator, engineer = service.bootstrap(), uuid4()
    service.give(registration(engineer, Role.ENGINEER), administrator)
    with pytest.raises(NotPermitted):
        service.give(OPEN, administrator)
    service.give(OPEN)
    with pytest.raises(NotPermitted):
        service.give(ResolveIncident(incident_id=INCIDENT, note="nothing to see"), engineer)
