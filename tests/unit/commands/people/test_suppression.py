"""Addresses that mail is held back from, since nobody is there."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import delete

from countersign.aggregates.account_refusals import ReasonRequired
from countersign.aggregates.bounce import is_dead
from countersign.aggregates.email_message import EmailMessage, email_id
from countersign.aggregates.email_status import EmailStatus
from countersign.aggregates.role import Role
from countersign.aggregates.suppression import NotSuppressed, Suppression
from countersign.commands.email.attempt_email import AttemptEmail
from countersign.commands.email.held_back import holding_back
from countersign.commands.email.lift_suppression import LiftSuppression
from countersign.commands.email.queue_email import QueueEmail
from countersign.commands.email.record_email_outcome import (
    EmailOutcome,
    RecordEmailOutcome,
    record_email_outcome,
)
from countersign.commands.email.resolve_email import ResolveEmail
from countersign.commands.permit import NotPermitted
from countersign.eventstore.context import SYSTEM, Context
from countersign.eventstore.store import Store
from countersign.eventstore.subject_keys import subject_keys
from tests.unit.commands.people.service import Service
from tests.unit.commands.people.test_mail import MAIL, QUEUE

NOBODY = "5.1.1 (address): no such user"


def another(number: int, to: str = QUEUE.to) -> QueueEmail:
    return replace(QUEUE, cause=UUID(int=number), to=to)


def id_of(queued: QueueEmail) -> UUID:
    return email_id(queued.cause, queued.subject, queued.purpose)


def bounced(service: Service, mail: UUID = MAIL, reply: str = NOBODY, worker: str = "w1") -> None:
    service.give(AttemptEmail(email_id=mail, worker=worker), key=f"{mail}/{worker}")
    outcome = RecordEmailOutcome(
        email_id=mail, attempt=1, outcome=EmailOutcome.BOUNCED, reply_code=550, reply=reply
    )
    service.give(outcome, key=f"{mail}/{worker}/outcome")


def status(service: Service, mail: UUID) -> EmailStatus:
    return service.state(EmailMessage, mail).status


def the_suppression(service: Service) -> UUID:
    (placed,) = (each.stream for each in service.happened() if each.topic == "suppression.placed")
    return placed


@pytest.mark.parametrize("reply", [NOBODY, "5.1.10 no mail here", " 5.2.1 disabled", "5.1.2"])
def test_a_refusal_that_names_a_dead_address_says_so(reply: str) -> None:
    assert is_dead(550, reply)


@pytest.mark.parametrize(
    ("code", "reply"),
    [
        (550, "no such user"),
        (550, "5.7.1 we do not like your content"),
        (552, "5.2.2 mailbox full"),
        (550, "5.1.10x is not a code"),
        (550, "see 5.1.1"),
        (450, "5.1.1 contradicts itself"),
    ],
)
def test_any_other_refusal_says_nothing_about_the_address(code: int, reply: str) -> None:
    assert not is_dead(code, reply)


def test_after_a_bounce_from_nobody_no_mail_goes_to_that_address(service: Service) -> None:
    service.give(QUEUE)
    bounced(service)
    assert status(service, MAIL) is EmailStatus.BOUNCED

    next_one = another(7, to=f" {QUEUE.to.upper()} ")
    service.give(next_one)

    assert status(service, id_of(next_one)) is EmailStatus.SUPPRESSED
    elsewhere = another(8, to="somebody@else.example")
    service.give(elsewhere)
    assert status(service, id_of(elsewhere)) is EmailStatus.QUEUED


def test_the_address_stands_nowhere_readable(service: Service) -> None:
    service.give(QUEUE)
    bounced(service)

    (recorded,) = (each for each in service.log.read(0, 10) if each.stream == the_suppression(service))
    assert b"client.example" not in recorded.state
    assert service.state(Suppression, recorded.stream).address == QUEUE.to


def test_a_bounce_for_another_reason_holds_nothing_back(service: Service) -> None:
    service.give(QUEUE)
    bounced(service, reply="5.7.1 we do not like your content")

    service.give(another(7))

    assert status(service, id_of(another(7))) is EmailStatus.QUEUED


def test_a_mail_that_was_planned_before_is_held_back_when_its_turn_comes(service: Service) -> None:
    service.give(QUEUE)
    service.give(another(7))
    bounced(service)

    service.give(AttemptEmail(email_id=id_of(another(7)), worker="w2"))

    assert status(service, id_of(another(7))) is EmailStatus.SUPPRESSED


def test_two_bounces_of_one_address_are_one_suppression(service: Service) -> None:
    service.give(QUEUE)
    service.give(another(7))
    service.give(AttemptEmail(email_id=id_of(another(7)), worker="w2"))
    bounced(service)
    outcome = RecordEmailOutcome(
        email_id=id_of(another(7)), attempt=1, outcome=EmailOutcome.BOUNCED, reply_code=550, reply=NOBODY
    )

    service.give(outcome)

    assert service.topics().count("suppression.placed") == 1
    assert "suppression.placed_again" not in service.topics()


def test_an_operator_lifts_it_with_a_reason(service: Service, people: dict[Role, UUID]) -> None:
    service.give(QUEUE)
    bounced(service)
    service.give(another(7))
    lift = LiftSuppression(suppression_id=the_suppression(service), reason=" the mailbox is back ")
    with pytest.raises(NotPermitted):
        service.give(lift, people[Role.ENGINEER])
    with pytest.raises(ReasonRequired):
        service.give(replace(lift, reason=" "), people[Role.OPERATOR])

    service.give(lift, people[Role.OPERATOR])

    lifted = service.happened()[-1].event
    assert isinstance(lifted, Suppression.Lifted)
    assert (lifted.by, lifted.reason) == (people[Role.OPERATOR], "the mailbox is back")
    service.give(another(8))
    assert status(service, id_of(another(8))) is EmailStatus.QUEUED
    assert status(service, id_of(another(7))) is EmailStatus.SUPPRESSED
    service.give(ResolveEmail(email_id=id_of(another(7)), resend=True, reason="now"), people[Role.OPERATOR])
    assert status(service, id_of(another(7))) is EmailStatus.QUEUED
    with pytest.raises(NotSuppressed) as refusal:
        service.give(lift, people[Role.OPERATOR])
    assert (refusal.value.code, refusal.value.status) == ("address_not_suppressed", 409)


def test_another_bounce_after_that_places_it_again(service: Service, people: dict[Role, UUID]) -> None:
    service.give(QUEUE)
    bounced(service)
    held = the_suppression(service)
    service.give(LiftSuppression(suppression_id=held, reason="try"), people[Role.OPERATOR])
    service.give(another(7))

    bounced(service, id_of(another(7)))

    assert service.state(Suppression, held).is_in_force
    assert service.topics()[-1] == "suppression.placed_again"


def test_what_was_erased_meanwhile_is_not_held_back(service: Service) -> None:
    service.give(QUEUE)
    service.give(AttemptEmail(email_id=MAIL, worker="w1"))
    with service.shared_keys.write() as connection:
        connection.execute(delete(subject_keys))
    outcome = RecordEmailOutcome(
        email_id=MAIL, attempt=1, outcome=EmailOutcome.BOUNCED, reply_code=550, reply=NOBODY
    )

    context = Context(actor=SYSTEM, command_key="late", correlation="test")
    store = Store(service.another_store(), context, "Test", b"", service.now)
    assert holding_back(store.load(EmailMessage, MAIL).to, store) is None
    record_email_outcome(outcome, store)

    assert "suppression.placed" not in service.topics()
