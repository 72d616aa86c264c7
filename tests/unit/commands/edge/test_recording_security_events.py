"""What the service notes about refusals, and under whose key the address lies."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from countersign.aggregates.security_event import Noted, SecurityEvent, SecurityEventKind, Severity
from countersign.commands.permit import NotPermitted
from countersign.commands.security_event.record_security_event import RecordSecurityEvent
from tests.unit.commands.edge.conftest import NOW, Edge


def noted(account: UUID | None = None, network: str = "192.0.2.9") -> RecordSecurityEvent:
    noted = Noted(
        kind=SecurityEventKind.INVALID_TOKEN,
        severity=Severity.WARNING,
        account=account,
        network=network,
        detail={"code": "invalid_token"},
        count=3,
        began_at=NOW,
    )
    return RecordSecurityEvent(event_id=uuid4(), noted=noted)


def subjects(edge: Edge) -> list[UUID]:
    return [one.event.subject for one in edge.happened() if isinstance(one.event, SecurityEvent.Created)]


def test_a_refusal_is_recorded_with_its_address_sealed(edge: Edge) -> None:
    edge.give(noted())

    (happened,) = edge.happened()
    assert isinstance(happened.event, SecurityEvent.Created)
    assert (happened.event.network, happened.event.count) == ("192.0.2.9", 3)
    assert all(b"192.0.2" not in recorded.state for recorded in edge.log.read(0, 1000))


def test_the_address_lies_under_the_key_of_the_account_or_else_of_the_network(edge: Edge) -> None:
    edge.give(noted(edge.operator))
    edge.give(noted())
    edge.give(noted())
    edge.give(noted(network="192.0.2.10"))

    with_account, first, again, elsewhere = subjects(edge)
    assert with_account == edge.operator
    assert first == again != elsewhere


def test_nobody_notes_security_events_by_hand(edge: Edge) -> None:
    with pytest.raises(NotPermitted):
        edge.give(noted(), edge.administrator)
