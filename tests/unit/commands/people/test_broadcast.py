"""Words of an administrator to everybody in certain roles."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from countersign.aggregates.broadcast import (
    LONGEST_MESSAGE,
    LONGEST_TOPIC,
    RECIPIENTS_AT_MOST,
    Broadcast,
    BroadcastOver,
    BroadcastStatus,
    BroadcastUnfit,
)
from countersign.aggregates.email_message import EmailMessage
from countersign.aggregates.role import Role
from countersign.commands.broadcast.cancel_broadcast import CancelBroadcast
from countersign.commands.broadcast.order_broadcast import OrderBroadcast
from countersign.commands.broadcast.progress_broadcast import ProgressBroadcast
from countersign.commands.permit import NotPermitted
from countersign.workers.course import Course
from countersign.workers.effect import Cause, Effect, effect_id
from countersign.workers.issuer import Issuer
from countersign.workers.mail.broadcasting import PlanBroadcast
from countersign.workers.mail.planning import Planner
from countersign.workers.reactions.plan_broadcast import plan_broadcast
from tests.unit.commands.people.service import Service

ID = UUID(int=77)
NOW = datetime(2026, 3, 2, tzinfo=UTC)
EVERYBODY = tuple(Role)
ORDER = OrderBroadcast(
    broadcast_id=ID, topic=" The service  is away ", message="On Sunday.\n", roles=EVERYBODY
)


def a_broadcast(people: int = 5, **changes: Any) -> Broadcast:
    said = {"topic": "Away", "message": "On Sunday.", "roles": (Role.ENGINEER,), "by": UUID(int=1)}
    return Broadcast.order(ID, NOW, **{**said, "recipients": [UUID(int=n) for n in range(people)], **changes})


def planning(service: Service, batch: int = 2) -> Callable[[], None]:
    """The duty for the broadcast that was ordered, as a worker does it."""
    (ordered,) = (each for each in service.happened() if each.topic == "broadcast.ordered")
    (wanted,) = plan_broadcast(ordered)
    cause = Cause(
        reaction="plan_broadcast",
        event_id=ordered.event_id,
        position=ordered.position,
        correlation="trail",
        recorded_at=NOW,
    )
    effect = Effect(
        id=effect_id(wanted, cause),
        queue=wanted.queue,
        kind=wanted.kind,
        reaction=cause.reaction,
        cause=cause.event_id,
        position=cause.position,
        correlation=cause.correlation,
        payload=wanted.payload,
        holder="worker",
        fence=1,
        attempts=0,
        crashes=0,
    )
    aggregates, issuer = service.shared.aggregates, Issuer(service.dispatcher)
    duty = PlanBroadcast(aggregates, issuer, Planner(aggregates, issuer), batch)
    return lambda: duty.perform(effect, Course())


def mails(service: Service) -> list[EmailMessage.Created]:
    return [each.event for each in service.happened() if isinstance(each.event, EmailMessage.Created)]


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"topic": " "}, "/topic"),
        ({"topic": "x" * (LONGEST_TOPIC + 1)}, "/topic"),
        ({"message": "\n"}, "/message"),
        ({"message": "x" * (LONGEST_MESSAGE + 1)}, "/message"),
        ({"recipients": []}, "/roles"),
        ({"recipients": [UUID(int=n) for n in range(RECIPIENTS_AT_MOST + 1)]}, "/roles"),
    ],
)
def test_a_broadcast_says_something_to_somebody_and_not_too_much(
    changes: dict[str, Any], pointer: str
) -> None:
    with pytest.raises(BroadcastUnfit) as refusal:
        a_broadcast(**changes)

    assert (refusal.value.code, refusal.value.pointers[0][0]) == ("broadcast_unfit", pointer)


def test_it_goes_on_in_batches_until_everybody_has_had_theirs() -> None:
    broadcast = a_broadcast(5)

    assert [person.int for person in broadcast.next_batch(3)] == [0, 1, 2]
    broadcast.progress(NOW, 3)
    broadcast.progress(NOW, 2)
    assert (broadcast.planned, broadcast.status) == (3, BroadcastStatus.PLANNING)
    assert [person.int for person in broadcast.next_batch(3)] == [3, 4]
    broadcast.progress(NOW, 5)
    assert (broadcast.status, broadcast.next_batch(3)) == (BroadcastStatus.PLANNED, ())
    with pytest.raises(BroadcastOver):
        broadcast.cancel(NOW, UUID(int=1), "late")


def test_an_administrator_writes_to_those_in_the_roles(service: Service, people: dict[Role, UUID]) -> None:
    with pytest.raises(NotPermitted):
        service.give(ORDER, people[Role.OPERATOR])
    order = replace(ORDER, roles=(Role.ENGINEER, Role.AUDITOR))

    service.give(order, people[Role.ADMINISTRATOR])

    broadcast = service.state(Broadcast, ID)
    assert set(broadcast.recipients) == {people[Role.ENGINEER], people[Role.AUDITOR]}
    assert (broadcast.topic, broadcast.message) == ("The service is away", "On Sunday.")


def test_everybody_gets_one_mail_however_often_the_work_is_begun(
    service: Service, people: dict[Role, UUID]
) -> None:
    service.give(ORDER, people[Role.ADMINISTRATOR])
    work = planning(service)

    work()
    work()

    planned = mails(service)
    assert {mail.subject for mail in planned} == set(service.state(Broadcast, ID).recipients)
    assert len(planned) == len({mail.subject for mail in planned})
    assert planned[0].facts == {"broadcast_id": str(ID)}
    assert service.state(Broadcast, ID).status is BroadcastStatus.PLANNED


def test_what_is_cancelled_goes_to_nobody_else(service: Service, people: dict[Role, UUID]) -> None:
    administrator = people[Role.ADMINISTRATOR]
    service.give(ORDER, administrator)
    service.give(ProgressBroadcast(broadcast_id=ID, planned=2))
    with pytest.raises(NotPermitted):
        service.give(CancelBroadcast(broadcast_id=ID, reason="no"), people[Role.OPERATOR])
    service.give(CancelBroadcast(broadcast_id=ID, reason=" the wrong day "), administrator)

    planning(service)()

    assert mails(service) == []
    broadcast = service.state(Broadcast, ID)
    assert (broadcast.status, broadcast.next_batch(9)) == (BroadcastStatus.CANCELLED, ())
    cancelled = service.happened()[-1].event
    assert isinstance(cancelled, Broadcast.Cancelled)
    assert cancelled.reason == "the wrong day"


def test_a_broadcast_is_not_a_matter_of_other_events(service: Service, people: dict[Role, UUID]) -> None:
    assert all(not plan_broadcast(each) for each in service.happened())
