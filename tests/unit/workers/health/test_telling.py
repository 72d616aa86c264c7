"""Who hears of an incident, and when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from countersign.aggregates.email_contents import EmailPurpose
from countersign.aggregates.email_message import EmailMessage
from countersign.aggregates.incident import IncidentSeverity, incident_id
from countersign.aggregates.role import Role
from countersign.commands.incident.escalate_incident import EscalateIncident
from countersign.commands.incident.open_incident import OpenIncident
from countersign.commands.incident.resolve_incident import ResolveIncident
from countersign.eventstore.mapper import Happened
from countersign.workers.course import Course
from countersign.workers.effect import Effect, Wanted
from countersign.workers.health.telling import TellOperators
from countersign.workers.issuer import Issuer
from countersign.workers.mail.letter_text import LetterText, letter_text
from countersign.workers.mail.planning import Planner
from countersign.workers.reactions.tell_of_incident import tell_of_incident
from tests.unit.commands.people.service import Service, registration

SINCE = datetime(2026, 3, 2, 9, 27, tzinfo=UTC)
SMTP = incident_id("smtp", SINCE)


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    running = Service(tmp_path)
    yield running
    running.close()


def opened(severity: IncidentSeverity) -> OpenIncident:
    return OpenIncident(component="smtp", severity=severity, reading="refused", since=SINCE)


def wanted(service: Service) -> list[tuple[Happened, Wanted]]:
    return [(each, want) for each in service.happened() for want in tell_of_incident(each)]


def told(service: Service) -> list[tuple[UUID, str]]:
    """To whom, and the state that the letter names."""
    duty = TellOperators(
        service.shared.aggregates, Planner(service.shared.aggregates, Issuer(service.dispatcher))
    )
    for happened, want in wanted(service):
        duty.perform(_effect(happened, want), Course())
    mails = [each.event for each in service.happened() if isinstance(each.event, EmailMessage.Created)]
    assert all(mail.purpose is EmailPurpose.HEALTH_ALERT for mail in mails)
    return [(mail.subject, mail.facts["state"]) for mail in mails]


def _effect(happened: Happened, want: Wanted) -> Effect:
    return Effect(
        id=uuid4(),
        queue=want.queue,
        kind=want.kind,
        reaction="tell_of_incident",
        cause=happened.event_id,
        position=happened.position,
        correlation="trail",
        payload=want.payload,
        holder="worker",
        fence=1,
        attempts=0,
        crashes=0,
    )


def test_operators_hear_of_what_is_critical_and_of_its_end(service: Service) -> None:
    operator = uuid4()
    service.give(registration(operator, Role.OPERATOR), service.bootstrap())
    service.give(opened(IncidentSeverity.CRITICAL))
    service.give(ResolveIncident(incident_id=SMTP, reading="it greets us"))
    assert told(service) == [(operator, "open"), (operator, "resolved")]


def test_where_nobody_operates_administrators_hear_of_it(service: Service) -> None:
    administrator = service.bootstrap()
    service.give(opened(IncidentSeverity.CRITICAL))
    assert told(service) == [(administrator, "open")]


def test_of_a_warning_one_hears_when_nobody_comes(service: Service) -> None:
    administrator = service.bootstrap()
    service.give(opened(IncidentSeverity.WARNING))
    assert wanted(service) == []
    command = EscalateIncident(incident_id=SMTP, severity=IncidentSeverity.WARNING, reading="still slow")
    service.give(command)
    assert told(service) == [(administrator, "escalated")]


def test_of_a_warning_that_went_by_itself_nobody_hears(service: Service) -> None:
    service.bootstrap()
    service.give(opened(IncidentSeverity.WARNING))
    service.give(ResolveIncident(incident_id=SMTP, reading="it greets us"))
    assert told(service) == []


def written(service: Service) -> list[LetterText]:
    told(service)
    mails = [each.event for each in service.happened() if isinstance(each.event, EmailMessage.Created)]
    added = {"service": "http://reports.example"}
    return [letter_text(EmailPurpose.HEALTH_ALERT, "Olga", {**mail.facts, **added}) for mail in mails]


def test_the_letter_says_what_where_to_look_and_how_to_say_that_one_comes(service: Service) -> None:
    service.bootstrap()
    service.give(opened(IncidentSeverity.CRITICAL))
    (text,) = written(service)
    assert text.subject == "Countersign: smtp is not well (open, critical)"
    assert "smtp has not been well since" in text.body
    assert "refused" in text.body
    assert f"countersign incidents acknowledge {SMTP} --as E-MAIL" in text.body


def test_the_letter_of_the_end_does_not_sound_as_if_it_went_on(service: Service) -> None:
    service.bootstrap()
    service.give(opened(IncidentSeverity.CRITICAL))
    service.give(ResolveIncident(incident_id=SMTP, reading="it greets us"))
    _, over = written(service)
    assert over.subject == "Countersign: the incident of smtp is over"
    assert "is over. What had been read:" in over.body
    assert "acknowledge" not in over.body + over.page
