"""The commands around one mail, as reactions, workers and operators give them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from countersign.aggregates.account_refusals import ReasonRequired
from countersign.aggregates.email_contents import Attached, EmailPurpose
from countersign.aggregates.email_message import EmailMessage, email_id
from countersign.aggregates.email_refusals import NoOpenAttempt, NothingToResolve, NotToBeSent
from countersign.aggregates.email_status import EmailStatus
from countersign.aggregates.role import Role
from countersign.commands.email.attempt_email import AttemptEmail
from countersign.commands.email.cancel_email import CancelEmail
from countersign.commands.email.doubt_email import DoubtEmail
from countersign.commands.email.queue_email import QueueEmail
from countersign.commands.email.record_email_outcome import EmailOutcome, RecordEmailOutcome
from countersign.commands.email.resolve_email import ResolveEmail
from countersign.commands.permit import NotPermitted
from countersign.eventstore.store import NotFound
from tests.unit.commands.people.service import Service

QUEUE = QueueEmail(
    purpose=EmailPurpose.REVISION_ISSUED_CLIENT,
    cause=UUID(int=1),
    subject=UUID(int=2),
    name="Carla Client",
    to="carla@client.example",
    facts={"document_number": "SAT-001"},
    attachments=(Attached("SAT-001.docx", "ab" * 32, "application/msword"),),
)
MAIL = email_id(QUEUE.cause, QUEUE.subject, QUEUE.purpose)


def queued(service: Service) -> UUID:
    service.give(QUEUE)
    return MAIL


def status(service: Service) -> EmailStatus:
    return service.state(EmailMessage, MAIL).status


def outcome(kind: EmailOutcome, attempt: int = 1) -> RecordEmailOutcome:
    return RecordEmailOutcome(email_id=MAIL, attempt=attempt, outcome=kind, reply_code=250, reply="so it is")


def test_a_mail_is_queued_once_however_often_it_is_asked_for(service: Service) -> None:
    queued(service)

    again = service.give(QUEUE)

    assert service.topics() == ["email.queued"]
    assert (again.position, again.streams) == (1, ())
    email = service.state(EmailMessage, MAIL)
    assert email.message_id == f"<{MAIL}@countersign.localdomain>"
    assert (email.to, email.attachments, email.facts) == (QUEUE.to, QUEUE.attachments, QUEUE.facts)


def test_neither_name_nor_address_stand_readable_in_the_log(service: Service) -> None:
    queued(service)

    (recorded,) = service.log.read(0, 10)
    assert b"Carla" not in recorded.state
    assert b"client.example" not in recorded.state
    assert b"SAT-001" in recorded.state


def test_a_mail_belongs_to_the_recipient_whose_key_seals_it(service: Service) -> None:
    queued(service)

    (recorded,) = service.log.read(0, 10)
    assert recorded.state.count(str(QUEUE.subject).encode()) == 3  # the field, and beside both sealed values


def test_a_worker_tries_and_tells(service: Service) -> None:
    queued(service)
    service.give(AttemptEmail(email_id=MAIL, worker="w1"))
    assert service.state(EmailMessage, MAIL).is_being_sent_by("w1")

    service.give(outcome(EmailOutcome.SENT))

    assert service.topics() == ["email.queued", "email.attempted", "email.sent"]


def test_a_worker_that_takes_over_from_a_dead_one_finds_the_mail_in_doubt(service: Service) -> None:
    queued(service)
    service.give(AttemptEmail(email_id=MAIL, worker="dead"))

    service.give(AttemptEmail(email_id=MAIL, worker="alive"))

    assert status(service) is EmailStatus.IN_DOUBT
    assert not service.state(EmailMessage, MAIL).is_being_sent_by("alive")
    with pytest.raises(NotToBeSent) as refusal:
        service.give(AttemptEmail(email_id=MAIL, worker="alive"))
    assert (refusal.value.code, refusal.value.status) == ("email_not_to_be_sent", 409)


def test_of_workers_that_try_at_once_at_most_one_sends(service: Service) -> None:
    queued(service)

    def attempt(worker: str) -> bool:
        try:
            service.give(AttemptEmail(email_id=MAIL, worker=worker), key=worker)
        except NotToBeSent:
            return False
        return service.state(EmailMessage, MAIL).is_being_sent_by(worker)

    with ThreadPoolExecutor(4) as pool:
        sending = list(pool.map(attempt, ["w1", "w2", "w3", "w4"]))

    assert sending.count(True) <= 1
    assert service.topics().count("email.attempted") == 1


@pytest.mark.parametrize(
    ("kind", "reached"),
    [
        (EmailOutcome.SENT, EmailStatus.SENT),
        (EmailOutcome.BOUNCED, EmailStatus.BOUNCED),
        (EmailOutcome.IN_DOUBT, EmailStatus.IN_DOUBT),
        (EmailOutcome.DEAD_LETTERED, EmailStatus.DEAD_LETTERED),
        (EmailOutcome.DEFERRED, EmailStatus.DEAD_LETTERED),  # without a next time
    ],
)
def test_each_outcome_leaves_the_mail_where_it_belongs(
    service: Service, kind: EmailOutcome, reached: EmailStatus
) -> None:
    queued(service)
    service.give(AttemptEmail(email_id=MAIL, worker="w1"))

    service.give(outcome(kind))

    assert status(service) is reached


def test_a_deferred_mail_waits_for_its_next_attempt(service: Service) -> None:
    queued(service)
    service.give(AttemptEmail(email_id=MAIL, worker="w1"))
    retry_at = service.now + timedelta(minutes=1)

    service.give(replace(outcome(EmailOutcome.DEFERRED), retry_at=retry_at))

    deferred = service.happened()[-1].event
    assert isinstance(deferred, EmailMessage.Deferred)
    assert (deferred.retry_at, deferred.attempt) == (retry_at, 1)
    service.give(AttemptEmail(email_id=MAIL, worker="w2"))
    assert service.state(EmailMessage, MAIL).attempts == 2


def test_an_outcome_without_an_attempt_is_refused(service: Service) -> None:
    queued(service)

    with pytest.raises(NoOpenAttempt) as refusal:
        service.give(outcome(EmailOutcome.SENT))
    assert (refusal.value.code, refusal.value.status) == ("no_open_attempt", 409)


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.ADMINISTRATOR])
def test_whoever_runs_the_machine_resolves_a_mail_in_doubt(
    service: Service, people: dict[Role, UUID], role: Role
) -> None:
    queued(service)
    service.give(AttemptEmail(email_id=MAIL, worker="w1"))
    service.give(outcome(EmailOutcome.IN_DOUBT))

    service.give(ResolveEmail(email_id=MAIL, resend=True, reason=" no trace of it "), people[role])

    resolved = service.happened()[-1].event
    assert isinstance(resolved, EmailMessage.Resolved)
    assert (resolved.by, resolved.resent, resolved.reason) == (people[role], True, "no trace of it")
    assert status(service) is EmailStatus.QUEUED


def test_a_mail_is_not_resolved_without_a_reason_or_a_need(
    service: Service, people: dict[Role, UUID]
) -> None:
    queued(service)
    operator = people[Role.OPERATOR]

    for reason in ("impatience", ""):
        with pytest.raises(NothingToResolve):
            service.give(ResolveEmail(email_id=MAIL, resend=True, reason=reason), operator)
    service.give(AttemptEmail(email_id=MAIL, worker="w1"))
    service.give(AttemptEmail(email_id=MAIL, worker="w2"))
    with pytest.raises(ReasonRequired) as refusal:
        service.give(ResolveEmail(email_id=MAIL, resend=True, reason="  "), operator)
    assert (refusal.value.code, refusal.value.status) == ("reason_required", 422)
    assert refusal.value.pointers[0][0] == "/reason"


def test_an_operator_keeps_a_mail_from_being_sent(service: Service, people: dict[Role, UUID]) -> None:
    queued(service)
    cancel = CancelEmail(email_id=MAIL, reason="the wrong list")
    with pytest.raises(NotPermitted):
        service.give(cancel, people[Role.ENGINEER])

    service.give(cancel, people[Role.OPERATOR])

    assert status(service) is EmailStatus.DISMISSED
    with pytest.raises(NotToBeSent):
        service.give(AttemptEmail(email_id=MAIL, worker="w1"))


def test_nobody_else_resolves_and_no_person_queues_attempts_or_tells(
    service: Service, people: dict[Role, UUID]
) -> None:
    queued(service)
    resolve = ResolveEmail(email_id=MAIL, resend=False, reason="enough")
    work = [QUEUE, AttemptEmail(email_id=MAIL, worker="me"), outcome(EmailOutcome.SENT)]
    before = len(service.topics())

    for role, person in people.items():
        for command in work if role in {Role.OPERATOR, Role.ADMINISTRATOR} else [*work, resolve]:
            with pytest.raises(NotPermitted):
                service.give(command, person)
    assert len(service.topics()) == before


def test_a_mail_that_is_not_there_is_not_found(service: Service, people: dict[Role, UUID]) -> None:
    with pytest.raises(NotFound):
        service.give(AttemptEmail(email_id=uuid4(), worker="w1"))
    with pytest.raises(NotFound):
        service.give(replace(outcome(EmailOutcome.SENT), email_id=uuid4()))
    with pytest.raises(NotFound):
        service.give(ResolveEmail(email_id=uuid4(), resend=True, reason="why not"), people[Role.OPERATOR])


def test_a_mail_that_may_have_left_before_a_restore_is_in_doubt(service: Service) -> None:
    queued(service)
    service.give(DoubtEmail(email_id=MAIL, why="it was sent behind position 40"))
    assert status(service) is EmailStatus.IN_DOUBT
