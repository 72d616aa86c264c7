"""The life of an incident."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from countersign.aggregates.incident import (
    Incident,
    IncidentAcknowledged,
    IncidentResolved,
    IncidentSeverity,
    IncidentStatus,
    NoteNeeded,
    incident_id,
)

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
SINCE = NOW - timedelta(minutes=3)


@pytest.fixture
def incident() -> Incident:
    return Incident.open(NOW, "smtp", IncidentSeverity.WARNING, "it answers slowly", SINCE)


def test_two_who_notice_mean_the_same_incident(incident: Incident) -> None:
    elsewhere = SINCE.astimezone(timezone(timedelta(hours=2)))
    assert incident.id == incident_id("smtp", elsewhere)
    assert incident.id != incident_id("smtp", NOW)
    assert incident.id != incident_id("disk", SINCE)


def test_it_begins_open_with_what_was_read(incident: Incident) -> None:
    assert (incident.status, incident.escalations) == (IncidentStatus.OPEN, 0)
    assert (incident.component, incident.reading, incident.since) == ("smtp", "it answers slowly", SINCE)


def test_it_is_escalated_as_often_as_nobody_comes(incident: Incident) -> None:
    incident.escalate(NOW, IncidentSeverity.WARNING, "still slow")
    incident.escalate(NOW, IncidentSeverity.CRITICAL, "gone")
    assert (incident.escalations, incident.severity, incident.reading) == (
        2,
        IncidentSeverity.CRITICAL,
        "gone",
    )


def test_what_somebody_sees_to_is_not_escalated(incident: Incident) -> None:
    incident.acknowledge(NOW, "  on my way ")
    assert incident.status is IncidentStatus.ACKNOWLEDGED
    with pytest.raises(IncidentAcknowledged):
        incident.escalate(NOW, IncidentSeverity.WARNING, "still slow")
    with pytest.raises(IncidentAcknowledged):
        incident.acknowledge(NOW, "me too")


def test_what_gets_worse_is_escalated_all_the_same(incident: Incident) -> None:
    incident.acknowledge(NOW, "")
    incident.escalate(NOW, IncidentSeverity.CRITICAL, "gone")
    assert incident.severity is IncidentSeverity.CRITICAL
    assert incident.status is IncidentStatus.ACKNOWLEDGED


def test_a_good_reading_ends_it(incident: Incident) -> None:
    incident.resolve(NOW, "it answers", "")
    assert incident.status is IncidentStatus.RESOLVED


def test_a_person_ends_it_with_a_word(incident: Incident) -> None:
    with pytest.raises(NoteNeeded):
        incident.resolve(NOW, "", "  ")
    incident.resolve(NOW, "", "the server was moved")
    assert incident.status is IncidentStatus.RESOLVED


def test_what_is_over_stays_over(incident: Incident) -> None:
    incident.resolve(NOW, "it answers", "")
    with pytest.raises(IncidentResolved):
        incident.resolve(NOW, "it answers", "")
    with pytest.raises(IncidentResolved):
        incident.acknowledge(NOW, "")
    with pytest.raises(IncidentResolved):
        incident.escalate(NOW, IncidentSeverity.CRITICAL, "gone")
