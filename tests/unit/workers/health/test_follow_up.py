"""When a bad reading becomes an incident, and what becomes of the incident."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from countersign.aggregates.incident import IncidentAcknowledged, IncidentSeverity, incident_id
from countersign.commands.incident.escalate_incident import EscalateIncident
from countersign.commands.incident.open_incident import OpenIncident
from countersign.commands.incident.resolve_incident import ResolveIncident
from countersign.eventstore.context import Context
from countersign.eventstore.receipt import Receipt
from countersign.projections.health.health_readings import Standing
from countersign.projections.health.incidents_queries import IncidentRow
from countersign.projections.health.reading import Condition
from countersign.workers.health.follow_up import FollowUp
from countersign.workers.health.options import HealthOptions

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
SINCE = NOW - timedelta(minutes=3)
BAD = Standing(
    component="smtp",
    condition=Condition.FAILED,
    says="refused",
    remedy="start it",
    figures={},
    took_ms=1.0,
    at=NOW,
    since=SINCE,
    run=3,
)
GOOD = replace(BAD, condition=Condition.OK, says="it greets us", run=2)
OPEN = IncidentRow(
    incident_id=incident_id("smtp", SINCE),
    position=7,
    component="smtp",
    severity="critical",
    status="open",
    reading="refused",
    since=SINCE,
    opened_at=NOW,
    escalations=0,
    escalated_at=None,
    acknowledged_at=None,
    acknowledged_by=None,
    acknowledged_note=None,
    resolved_at=None,
    resolved_by=None,
    resolved_note=None,
)
QUARTER = timedelta(minutes=15)


class Noting:
    """Takes every command, under its key, or refuses all."""

    def __init__(self, *, refuses: bool = False) -> None:
        self.given: dict[str, Any] = {}
        self._refuses = refuses

    def dispatch(self, command: Any, context: Context) -> Receipt:
        self.given[context.command_key] = command
        if self._refuses:
            raise IncidentAcknowledged("somebody sees to it")
        return Receipt(position=1, streams=())


def given(standing: Standing, *unresolved: IncidentRow, later: timedelta = timedelta()) -> list[Any]:
    noting = Noting()
    seen = replace(standing, at=standing.at + later)
    FollowUp(noting, HealthOptions()).follow([seen], unresolved, NOW + later)
    return list(noting.given.values())


def test_a_few_bad_readings_are_none_yet() -> None:
    assert given(replace(BAD, run=2)) == []


def test_the_third_opens_one_since_the_first() -> None:
    (command,) = given(BAD)
    assert command == OpenIncident(
        component="smtp", severity=IncidentSeverity.CRITICAL, reading="refused", since=SINCE
    )
    (warning,) = given(replace(BAD, condition=Condition.DEGRADED))
    assert warning.severity is IncidentSeverity.WARNING


def test_one_that_is_open_is_not_opened_again() -> None:
    assert given(BAD, OPEN) == []


def test_where_nobody_comes_it_is_escalated_a_few_times() -> None:
    (command,) = given(BAD, OPEN, later=QUARTER)
    assert command == EscalateIncident(
        incident_id=OPEN.incident_id, severity=IncidentSeverity.CRITICAL, reading="refused"
    )
    assert given(BAD, replace(OPEN, status="acknowledged"), later=QUARTER) == []
    assert given(BAD, replace(OPEN, escalated_at=NOW + QUARTER / 2), later=QUARTER) == []
    assert given(BAD, replace(OPEN, escalations=3), later=QUARTER) == []


def test_what_gets_worse_is_escalated_at_once_although_somebody_sees_to_it() -> None:
    (command,) = given(BAD, replace(OPEN, severity="warning", status="acknowledged"))
    assert command.severity is IncidentSeverity.CRITICAL


def test_what_gets_a_little_better_keeps_its_severity() -> None:
    (command,) = given(replace(BAD, condition=Condition.DEGRADED), OPEN, later=QUARTER)
    assert command.severity is IncidentSeverity.CRITICAL


def test_good_readings_resolve_it() -> None:
    assert given(replace(GOOD, run=1), OPEN) == []
    assert given(GOOD, OPEN) == [ResolveIncident(incident_id=OPEN.incident_id, reading="it greets us")]
    assert given(GOOD) == []


def test_of_what_nobody_has_looked_at_nothing_is_concluded() -> None:
    noting = Noting()
    FollowUp(noting, HealthOptions()).follow([BAD], (), NOW + timedelta(minutes=10))
    assert noting.given == {}


def test_a_list_that_lags_does_no_harm() -> None:
    noting = Noting(refuses=True)
    follow_up = FollowUp(noting, HealthOptions())
    follow_up.follow([BAD], (), NOW)
    follow_up.follow([BAD], (), NOW)
    follow_up.follow([BAD], [replace(OPEN, incident_id=uuid4())], NOW + QUARTER / 2)
    assert list(noting.given) == [f"{OPEN.incident_id}/open"]
