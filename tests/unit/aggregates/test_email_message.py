"""A mail: recorded before it is tried, never sent twice by itself, in doubt when nobody knows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from countersign.aggregates.account_refusals import ReasonRequired
from countersign.aggregates.email_contents import Addressee, Attached, EmailPurpose
from countersign.aggregates.email_message import EmailMessage, email_id
from countersign.aggregates.email_refusals import (
    NoOpenAttempt,
    NothingToCancel,
    NothingToResolve,
    NotToBeSent,
)
from countersign.aggregates.email_status import EmailStatus
from countersign.aggregates.root import DomainError

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(minutes=1)
CAUSE, BEN, OPERATOR = UUID(int=1), UUID(int=2), UUID(int=3)


def queued() -> EmailMessage:
    email = EmailMessage.queue(
        NOW,
        purpose=EmailPurpose.APPROVAL_REQUEST,
        cause=CAUSE,
        to=Addressee(BEN, "Ben", "ben@example.com"),
        facts={"document_number": "SAT-001"},
        attachments=(Attached("SAT-001.docx", "ab" * 32, "application/msword"),),
        mail_domain="countersign.example",
    )
    email.collect_events()
    return email


def sending(worker: str = "w1") -> EmailMessage:
    email = queued()
    email.attempt(NOW, worker)
    email.collect_events()
    return email


def test_one_cause_person_and_purpose_make_one_mail_with_one_message_id() -> None:
    email = queued()

    assert email.id == email_id(CAUSE, BEN, EmailPurpose.APPROVAL_REQUEST)
    assert email.message_id == f"<{email.id}@countersign.example>"
    assert email.id != email_id(CAUSE, BEN, EmailPurpose.CHANGES_REQUESTED)
    assert email.id != email_id(CAUSE, OPERATOR, EmailPurpose.APPROVAL_REQUEST)


def test_an_attempt_is_counted_and_belongs_to_its_worker() -> None:
    email = queued()

    email.attempt(NOW, "w1")

    assert (email.status, email.attempts) == (EmailStatus.SENDING, 1)
    assert email.is_being_sent_by("w1")
    assert not email.is_being_sent_by("w2")


@pytest.mark.parametrize("worker", ["w1", "w2"])
def test_a_second_attempt_while_the_first_has_no_outcome_puts_the_mail_in_doubt(worker: str) -> None:
    email = sending("w1")

    email.attempt(LATER, worker)

    (event,) = email.collect_events()
    assert isinstance(event, EmailMessage.WentInDoubt)
    assert (event.attempt, email.status) == (1, EmailStatus.IN_DOUBT)
    assert not email.is_being_sent_by(worker)


def test_a_mail_in_doubt_is_not_tried_again_by_itself() -> None:
    email = sending()
    email.record_in_doubt(NOW, 1, "cut after the final dot")
    email.collect_events()

    with pytest.raises(NotToBeSent):
        email.attempt(LATER, "w2")
    assert not email.pending_events


def test_the_servers_yes_is_kept_with_its_reply() -> None:
    email = sending()

    email.record_sent(NOW, 1, 250, "2.0.0 queued as 4711")

    (event,) = email.collect_events()
    assert isinstance(event, EmailMessage.Sent)
    assert (event.reply_code, event.reply, email.status) == (250, "2.0.0 queued as 4711", EmailStatus.SENT)


def test_a_deferred_mail_is_tried_again_under_the_next_number() -> None:
    email = sending()
    email.record_deferred(NOW, 1, 451, "try later", LATER)
    assert email.status is EmailStatus.DEFERRED

    email.attempt(LATER, "w2")

    assert email.attempts == 2
    assert email.is_being_sent_by("w2")


def test_a_mail_deferred_without_a_next_time_is_given_up_and_says_why() -> None:
    email = sending()

    email.record_deferred(NOW, 1, 451, "try later", None)

    (event,) = email.collect_events()
    assert isinstance(event, EmailMessage.DeadLettered)
    assert "451 try later" in event.reason
    assert email.status is EmailStatus.DEAD_LETTERED


def test_a_refusal_for_good_bounces_and_what_cannot_be_sent_is_given_up() -> None:
    bounced, unsendable = sending(), sending()

    bounced.record_bounced(NOW, 1, 550, "no such user")
    unsendable.record_dead_lettered(NOW, 1, "the attachment is gone")

    assert bounced.status is EmailStatus.BOUNCED
    assert unsendable.status is EmailStatus.DEAD_LETTERED


def finish(email: EmailMessage, status: EmailStatus) -> EmailMessage:
    """Bring a mail that is being sent to where its outcome leaves it."""
    endings: dict[EmailStatus, Callable[[], None]] = {
        EmailStatus.SENT: lambda: email.record_sent(NOW, 1, 250, "ok"),
        EmailStatus.BOUNCED: lambda: email.record_bounced(NOW, 1, 550, "no"),
        EmailStatus.DEAD_LETTERED: lambda: email.record_dead_lettered(NOW, 1, "gone"),
        EmailStatus.DEFERRED: lambda: email.record_deferred(NOW, 1, 451, "later", LATER),
        EmailStatus.IN_DOUBT: lambda: email.record_in_doubt(NOW, 1, "cut"),
        EmailStatus.SENDING: lambda: None,
    }
    endings[status]()
    email.collect_events()
    return email


@pytest.mark.parametrize("status", [EmailStatus.SENT, EmailStatus.BOUNCED, EmailStatus.DEAD_LETTERED])
def test_a_mail_with_a_final_outcome_is_not_tried_again(status: EmailStatus) -> None:
    with pytest.raises(NotToBeSent):
        finish(sending(), status).attempt(LATER, "w2")


def outcomes(email: EmailMessage, attempt: int) -> list[Callable[[], None]]:
    return [
        lambda: email.record_sent(LATER, attempt, 250, "ok"),
        lambda: email.record_deferred(LATER, attempt, 451, "later", LATER),
        lambda: email.record_bounced(LATER, attempt, 550, "no"),
        lambda: email.record_in_doubt(LATER, attempt, "cut"),
        lambda: email.record_dead_lettered(LATER, attempt, "gone"),
    ]


@pytest.mark.parametrize("which", range(5))
@pytest.mark.parametrize(
    "status", [EmailStatus.SENT, EmailStatus.BOUNCED, EmailStatus.DEAD_LETTERED, EmailStatus.DEFERRED]
)
def test_an_attempt_has_one_outcome(which: int, status: EmailStatus) -> None:
    email = finish(sending(), status)

    with pytest.raises(NoOpenAttempt):
        outcomes(email, 1)[which]()
    assert not email.pending_events


@pytest.mark.parametrize("which", range(5))
def test_an_outcome_of_an_earlier_attempt_is_refused(which: int) -> None:
    email = finish(sending(), EmailStatus.DEFERRED)
    email.attempt(LATER, "w2")
    email.collect_events()

    with pytest.raises(NoOpenAttempt):
        outcomes(email, 1)[which]()


def test_a_slow_worker_that_comes_back_with_the_truth_ends_the_doubt() -> None:
    email = sending("slow")
    email.attempt(LATER, "w2")

    email.record_sent(LATER, 1, 250, "ok")

    assert email.status is EmailStatus.SENT


def test_going_in_doubt_twice_is_recorded_once() -> None:
    email = finish(sending(), EmailStatus.IN_DOUBT)

    email.record_in_doubt(LATER, 1, "cut")

    assert not email.pending_events


@pytest.mark.parametrize("email", [queued(), sending()])
def test_a_mail_that_may_have_left_in_another_past_waits_for_a_person(email: EmailMessage) -> None:
    email.be_doubted(LATER, "it was sent behind the position that was gone back to")
    assert email.status is EmailStatus.IN_DOUBT
    email.resolve(LATER, OPERATOR, resend=True, reason="the server has no trace of it")
    assert email.waits


def test_a_mail_that_waits_for_nothing_is_not_doubted() -> None:
    email = finish(sending(), EmailStatus.SENT)
    email.be_doubted(LATER, "gone back")
    assert not email.pending_events


@pytest.mark.parametrize("status", [EmailStatus.IN_DOUBT, EmailStatus.BOUNCED, EmailStatus.DEAD_LETTERED])
def test_a_person_may_have_it_sent_again_or_let_it_be(status: EmailStatus) -> None:
    again, dropped = finish(sending(), status), finish(sending(), status)

    again.resolve(LATER, OPERATOR, resend=True, reason="the server has no trace of it")
    dropped.resolve(LATER, OPERATOR, resend=False, reason="told by telephone")

    assert again.status is EmailStatus.QUEUED
    assert dropped.status is EmailStatus.DISMISSED
    again.attempt(LATER, "w3")
    assert again.attempts == 2
    with pytest.raises(NotToBeSent):
        dropped.attempt(LATER, "w3")


@pytest.mark.parametrize("status", [EmailStatus.SENDING, EmailStatus.SENT, EmailStatus.DEFERRED])
def test_what_goes_its_ordinary_way_is_nothing_to_resolve(status: EmailStatus) -> None:
    with pytest.raises(NothingToResolve):
        finish(sending(), status).resolve(LATER, OPERATOR, resend=True, reason="impatience")


def test_a_mail_that_waits_is_let_be_when_a_person_says_so_and_why() -> None:
    email = queued()

    with pytest.raises(ReasonRequired):
        email.cancel(LATER, OPERATOR, " ")
    email.cancel(LATER, OPERATOR, " the wrong list ")

    (event,) = email.collect_events()
    assert isinstance(event, EmailMessage.Resolved)
    assert (event.by, event.resent, event.reason) == (OPERATOR, False, "the wrong list")
    assert email.status is EmailStatus.DISMISSED


def test_a_mail_that_may_be_on_its_way_is_not_cancelled() -> None:
    email = queued()
    email.attempt(LATER, "worker-1")

    with pytest.raises(NothingToCancel):
        email.cancel(LATER, OPERATOR, "too late")


def test_every_refusal_has_a_code_of_its_own() -> None:
    refusals: list[type[DomainError]] = [NotToBeSent, NoOpenAttempt, NothingToResolve, NothingToCancel]
    assert {refusal.code for refusal in refusals} == {
        "email_not_to_be_sent",
        "no_open_attempt",
        "nothing_to_resolve",
        "nothing_to_cancel",
    }
