"""Administrators are alerted, and not more often than they can read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from countersign.aggregates.access_policy import AccessPolicy
from countersign.aggregates.email_contents import EmailPurpose
from countersign.aggregates.email_message import EmailMessage
from countersign.aggregates.role import Role
from countersign.aggregates.root import Root
from countersign.aggregates.security_event import SecurityEvent, SecurityEventKind, Severity
from countersign.aggregates.session import REFRESH_REUSED, Session
from countersign.aggregates.sign_in_throttle import SignInThrottle
from countersign.eventstore.mapper import Happened
from countersign.eventstore.metadata import Metadata
from countersign.workers.course import Course
from countersign.workers.effect import Effect
from countersign.workers.issuer import Issuer
from countersign.workers.mail.alerting import AlertAdministrators
from countersign.workers.mail.letter_text import letter_text
from countersign.workers.reactions.alert_administrators import alert_administrators
from tests.unit.commands.people.service import Service, registration

AT = datetime(2026, 3, 1, 9, 10, tzinfo=UTC)
LOCK: dict[str, Any] = {"place": "", "until": AT, "count": 5}
NOTED: dict[str, Any] = {
    "originator_topic": "security_event",
    "kind": SecurityEventKind.ACCESS_DENIED,
    "subject": UUID(int=3),
    "account": None,
    "network": "",
    "detail": {},
    "count": 1_000,
    "began_at": AT,
}
BLOCK: dict[str, Any] = {"subject": UUID(int=3), "network": "192.0.2.0/24", "reason": "scans", "until": None}


def happened(event_class: type[Any], **fields: Any) -> Happened:
    event: Root.Event = event_class(originator_id=UUID(int=1), originator_version=2, timestamp=AT, **fields)
    return Happened(
        event=event,
        position=7,
        stream=UUID(int=1),
        version=2,
        topic=event_class.TOPIC,
        recorded_at=AT,
        metadata=Metadata(actor=UUID(int=2), correlation="trail", command="Some", command_key="key"),
    )


@pytest.mark.parametrize(
    ("event", "kind"),
    [
        (happened(Session.Revoked, reason=REFRESH_REUSED), "refresh_token_reused"),
        (happened(Session.Revoked, reason="signed_out"), None),
        (happened(AccessPolicy.NetworkBlocked, **BLOCK, automatic=True), "network_blocked_automatically"),
        (happened(AccessPolicy.NetworkBlocked, **BLOCK, automatic=False), None),
        (happened(SignInThrottle.NetworkLocked, **LOCK, locks=1), "network_locked"),
        (happened(SignInThrottle.AccountLocked, account=None, **LOCK, locks=3), "account_locked_again"),
        (happened(SignInThrottle.AccountLocked, account=None, **LOCK, locks=2), None),
        (happened(SecurityEvent.Created, **NOTED, severity=Severity.CRITICAL), "access_denied"),
        (happened(SecurityEvent.Created, **NOTED, severity=Severity.WARNING), None),
    ],
)
def test_only_what_cannot_wait_is_alerted(event: Happened, kind: str | None) -> None:
    wanted = alert_administrators(event)

    assert [one.payload for one in wanted] == ([{"kind": kind, "at": AT.isoformat()}] if kind else [])


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    running = Service(tmp_path)
    yield running
    running.close()


def alert(service: Service, kind: str, at: datetime = AT) -> None:
    effect = Effect(
        id=uuid4(),
        queue="commands",
        kind="alert_administrators",
        reaction="alert_administrators",
        cause=uuid4(),
        position=7,
        correlation="trail",
        payload={"kind": kind, "at": at.isoformat()},
        holder="worker",
        fence=1,
        attempts=0,
        crashes=0,
    )
    AlertAdministrators(service.shared.aggregates, Issuer(service.dispatcher)).perform(effect, Course())


def mails(service: Service) -> list[EmailMessage.Created]:
    return [one.event for one in service.happened() if isinstance(one.event, EmailMessage.Created)]


def test_each_administrator_is_written_to_and_nobody_else(service: Service) -> None:
    first = service.bootstrap()
    for role in (Role.OPERATOR, Role.ADMINISTRATOR):
        service.give(registration(uuid4(), role), first)
    alert(service, "network_locked")

    assert sorted(str(mail.to) for mail in mails(service)) == ["ada@example.com", "administrator@example.com"]
    assert {mail.purpose for mail in mails(service)} == {EmailPurpose.SECURITY_ALERT}


def test_one_kind_is_mailed_once_in_an_hour(service: Service) -> None:
    service.bootstrap()
    for minutes in (0, 10, 49):
        alert(service, "network_locked", AT + timedelta(minutes=minutes))
    assert len(mails(service)) == 1

    alert(service, "refresh_token_reused")
    alert(service, "network_locked", AT + timedelta(minutes=50))
    assert len(mails(service)) == 3


def test_where_nobody_administrates_nobody_is_written_to(service: Service) -> None:
    alert(service, "network_locked")

    assert mails(service) == []


def test_the_letter_says_what_happened_and_where_to_look(service: Service) -> None:
    service.bootstrap()
    alert(service, "refresh_token_reused")
    (mail,) = mails(service)
    text = letter_text(mail.purpose, "Ada", {**mail.facts, "service": "https://here.example"})

    assert text.subject == "Countersign: security alert (refresh_token_reused)"
    assert "somebody has a copy" in text.body
    assert "2026-03-01 09:10 UTC" in text.body
    assert "https://here.example/v1/security-events" in text.body
