"""Incidents as operators list them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from countersign.aggregates.incident import Incident, IncidentSeverity
from countersign.aggregates.root import Root
from countersign.cli.aggregate_classes import AGGREGATES
from countersign.eventstore.context import SYSTEM
from countersign.eventstore.metadata import Metadata
from countersign.eventstore.open_store import open_store
from countersign.projections.following.runner import Runner
from countersign.projections.health.incidents_queries import (
    incident,
    incident_page,
    incidents_between,
    unresolved_incidents,
)
from tests.integration.projections.conftest import MakeRunner
from tests.integration.projections.journal import BEGIN, ENGINEER, OPTIONS
from tests.integration.projections.story import Story

SMTP, DISK = uuid4(), uuid4()


@pytest.fixture
def runner(story: Story, make_runner: MakeRunner) -> Runner:
    story.store = open_store(story.databases, story.log, AGGREGATES, OPTIONS)
    return make_runner()


def happen(story: Story, event: type[Root.Event], stream: UUID, actor: UUID = SYSTEM, **fields: Any) -> None:
    made = story.made(stream, event, **fields)
    metadata = Metadata(actor=actor, correlation="trail", command="Command", command_key=str(uuid4()))
    mapper = story.store.mapper
    encoded = mapper.encode_metadata(metadata, stream, made.originator_version)
    story.store.recorder.record([mapper.to_stored_event(made)], metadata=[encoded])


def opened(story: Story, stream: UUID, component: str, severity: IncidentSeverity) -> None:
    fields: dict[str, Any] = {"component": component, "severity": severity, "reading": "gone", "since": BEGIN}
    happen(story, Incident.Created, stream, **fields)


def test_the_list_tells_what_became_of_each(story: Story, runner: Runner) -> None:
    opened(story, SMTP, "smtp", IncidentSeverity.WARNING)
    opened(story, DISK, "disk", IncidentSeverity.CRITICAL)
    happen(story, Incident.Escalated, SMTP, severity=IncidentSeverity.CRITICAL, reading="still gone")
    happen(story, Incident.Acknowledged, SMTP, ENGINEER, note="on my way")
    happen(story, Incident.Resolved, SMTP, ENGINEER, reading="", note="restarted")
    runner.catch_up()
    read = story.databases.read

    over = incident(read, SMTP)
    assert over is not None
    assert (over.status, over.severity, over.escalations) == ("resolved", "critical", 1)
    assert (over.acknowledged_by, over.acknowledged_note) == (ENGINEER, "on my way")
    assert (over.resolved_by, over.resolved_note) == (ENGINEER, "restarted")
    assert [each.component for each in unresolved_incidents(read)] == ["disk"]
    assert [each.component for each in incident_page(read).rows] == ["disk", "smtp"]
    assert [each.component for each in incident_page(read, status="resolved").rows] == ["smtp"]
    assert len(incidents_between(read, BEGIN, BEGIN + timedelta(days=1))) == 2
    (still_open,) = incidents_between(read, BEGIN + timedelta(days=1), BEGIN + timedelta(days=2))
    assert still_open.component == "disk"
    assert incidents_between(read, BEGIN - timedelta(days=1), BEGIN) == ()
