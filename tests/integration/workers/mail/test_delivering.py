"""Mails of a real log through a real server: each sent at most once, each outcome on record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import delete

from countersign.aggregates.email_message import EmailMessage
from countersign.aggregates.email_status import EmailStatus
from countersign.commands.email.attempt_email import AttemptEmail
from countersign.commands.email.resolve_email import ResolveEmail
from countersign.eventstore.subject_keys import subject_keys
from countersign.workers.effect import State
from countersign.workers.effect_board import EffectBoard
from countersign.workers.effects import Effects
from countersign.workers.options import QueueOptions, SmtpOptions
from countersign.workers.rendering.renderer import Renderer
from tests.integration.workers.mail.mailing import deliver_until, history, queue_mail, status
from tests.integration.workers.plant import QUICK, Plant, read, said, settings
from tests.integration.workers.running import now, running, wait_until
from tests.integration.workers.scripted_server import Script

Serve = Callable[..., SmtpOptions]


def test_a_mail_is_sent_once_and_the_servers_reply_is_kept(
    plant: Plant, script: Script, serve: Serve, idle: Renderer
) -> None:
    mail = queue_mail(plant)

    deliver_until(plant, serve(), idle, lambda: status(plant, mail) is EmailStatus.SENT)

    assert history(plant, mail) == ["attempted", "sent"]
    (sent,) = (each.event for each in plant.events() if isinstance(each.event, EmailMessage.Sent))
    assert (sent.reply_code, sent.reply) == (250, "taken as 4711")
    letter = read(script.received[0])
    assert letter["Message-ID"] == plant.get(EmailMessage, mail).message_id
    assert "http://reports.example/v1/reports/" in said(letter)


def test_a_mail_that_the_server_defers_is_sent_later(
    plant: Plant, script: Script, serve: Serve, idle: Renderer
) -> None:
    script.answers["RCPT"] = "451 try later"
    mail = queue_mail(plant)
    options = settings(plant.folder, serve())
    with running(*plant.worker(options, idle, only=("reactions", "mail"))):
        wait_until(lambda: history(plant, mail)[-1:] == ["deferred"])
        del script.answers["RCPT"]
        wait_until(lambda: status(plant, mail) is EmailStatus.SENT)

    assert history(plant, mail)[-2:] == ["attempted", "sent"]
    assert len(script.received) == 1


def test_a_mail_that_is_deferred_too_often_is_given_up(
    plant: Plant, script: Script, serve: Serve, idle: Renderer
) -> None:
    script.answers["DATA"] = "452 no space"
    mail = queue_mail(plant)

    deliver_until(plant, serve(), idle, lambda: status(plant, mail) is EmailStatus.DEAD_LETTERED)

    assert history(plant, mail) == ["attempted", "deferred", "attempted", "deferred", "attempted", "dead"]
    (dead,) = EffectBoard(plant.databases.read).listed([State.DEAD])
    assert dead.error == "452 no space"


def test_a_refused_mail_bounces_and_the_address_stays_out_of_the_log(
    plant: Plant, script: Script, serve: Serve, idle: Renderer
) -> None:
    script.answers["RCPT"] = "550 5.1.1 <ada@example.com>: no such user"
    mail = queue_mail(plant)

    deliver_until(plant, serve(), idle, lambda: status(plant, mail) is EmailStatus.BOUNCED)

    assert history(plant, mail) == ["attempted", "bounced"]
    stored = [recorded.state for recorded in plant.log.stream(mail)]
    assert b"5.1.1 (address): no such user" in stored[-1]
    assert not any(b"ada@" in state for state in stored)


def test_no_log_line_and_no_effect_names_the_recipient(
    plant: Plant, script: Script, serve: Serve, idle: Renderer, caplog: pytest.LogCaptureFixture
) -> None:
    script.answers["RCPT"] = "450 4.2.1 <ada@example.com>: mailbox of ada is busy"
    mail = queue_mail(plant)

    deliver_until(plant, serve(), idle, lambda: status(plant, mail) is EmailStatus.DEAD_LETTERED)

    (dead,) = EffectBoard(plant.databases.read).listed([State.DEAD])
    assert dead.error == "450 4.2.1 (address): mailbox of (address) is busy"
    failures = [line for line in caplog.records if line.message == "effect failed"]
    assert len(failures) == 3
    assert not any("ada" in str(vars(line)) for line in caplog.records)


@pytest.mark.parametrize("step", ["content", "after the final dot"])
def test_a_cut_connection_leaves_the_mail_in_doubt_and_it_is_not_sent_again(
    plant: Plant, script: Script, serve: Serve, idle: Renderer, step: str
) -> None:
    script.cut = step
    mail = queue_mail(plant)
    options = settings(plant.folder, serve())
    with running(*plant.worker(options, idle, only=("reactions", "mail"))):
        wait_until(lambda: status(plant, mail) is EmailStatus.IN_DOUBT)
        script.cut = ""
        other = queue_mail(plant)
        wait_until(lambda: status(plant, other) is EmailStatus.SENT)

    assert history(plant, mail) == ["attempted", "doubted"]
    board = EffectBoard(plant.databases.read)
    wait_until(lambda: {each.state for each in board.listed()} == {State.DONE})


def test_an_operator_may_have_a_doubtful_mail_sent_once_more(
    plant: Plant, script: Script, serve: Serve, idle: Renderer
) -> None:
    script.cut = "after the final dot"
    mail = queue_mail(plant)
    options = settings(plant.folder, serve())
    with running(*plant.worker(options, idle, only=("reactions", "mail"))):
        wait_until(lambda: status(plant, mail) is EmailStatus.IN_DOUBT)
        script.cut = ""
        plant.give(ResolveEmail(email_id=mail, resend=True, reason="the client has nothing"), plant.olga)
        wait_until(lambda: status(plant, mail) is EmailStatus.SENT)

    first, second = (read(each)["Message-ID"] for each in script.received)
    assert first == second


def test_what_is_no_address_is_given_up_at_once(
    plant: Plant, script: Script, serve: Serve, idle: Renderer
) -> None:
    mail = queue_mail(plant, to="not an address")

    deliver_until(plant, serve(), idle, lambda: status(plant, mail) is EmailStatus.DEAD_LETTERED)

    assert script.received == []


def test_a_mail_to_somebody_who_was_erased_is_given_up(
    plant: Plant, script: Script, serve: Serve, idle: Renderer
) -> None:
    mail = queue_mail(plant)
    with plant.databases.keys.write() as connection:
        connection.execute(delete(subject_keys))
    plant.store = plant.another_store()

    deliver_until(plant, serve(), idle, lambda: status(plant, mail) is EmailStatus.DEAD_LETTERED)

    assert script.received == []


def test_an_attempt_that_a_lost_worker_left_open_puts_the_mail_in_doubt(
    plant: Plant, script: Script, serve: Serve, idle: Renderer
) -> None:
    mail = queue_mail(plant)
    options = settings(plant.folder, serve())
    with running(*plant.worker(options, idle, only=("reactions",))):
        wait_until(lambda: EffectBoard(plant.databases.read).listed([State.READY]))
    assert Effects(plant.databases.read).claim("mail", "lost", now(), -1.0, 1)
    plant.give(AttemptEmail(email_id=mail, worker="lost/1"))

    deliver_until(plant, serve(), idle, lambda: status(plant, mail) is EmailStatus.IN_DOUBT)

    assert script.received == []
    assert history(plant, mail) == ["attempted", "doubted"]


def test_a_mail_whose_workers_were_lost_before_they_began_is_sent_all_the_same(
    plant: Plant, script: Script, serve: Serve, idle: Renderer
) -> None:
    mail = queue_mail(plant)
    options = settings(plant.folder, serve())
    with running(*plant.worker(options, idle, only=("reactions",))):
        wait_until(lambda: EffectBoard(plant.databases.read).listed([State.READY]))
    for worker in ("first", "second", "third"):
        assert Effects(plant.databases.read).claim("mail", worker, now(), -1.0, 1)

    patient = replace(QUICK, max_crashes=6)  # as mail has it in the settings
    deliver_until(plant, serve(), idle, lambda: status(plant, mail) is EmailStatus.SENT, mail=patient)

    assert len(script.received) == 1


def test_a_second_worker_does_not_repeat_what_the_first_has_sent(
    plant: Plant, script: Script, serve: Serve, idle: Renderer
) -> None:
    mails = [queue_mail(plant) for _ in range(12)]
    options = settings(plant.folder, serve(), mail=QueueOptions(concurrency=3, lease_s=1.0))
    workers = [
        *plant.worker(options, idle, "worker-1", only=("reactions", "mail")),
        *plant.worker(options, idle, "worker-2", only=("reactions", "mail")),
    ]

    with running(*workers):
        wait_until(lambda: {status(plant, mail) for mail in mails} == {EmailStatus.SENT})

    assert len(script.received) == 12
    assert all(history(plant, mail) == ["attempted", "sent"] for mail in mails)


def test_the_rate_of_mails_is_kept(plant: Plant, script: Script, serve: Serve, idle: Renderer) -> None:
    for _ in range(4):
        queue_mail(plant)
    slow = QueueOptions(rate_per_minute=2, concurrency=4)

    deliver_until(plant, serve(), idle, lambda: len(script.received) == 2, mail=slow)

    assert len(script.received) == 2


def test_the_date_of_a_mail_is_when_it_was_planned(
    plant: Plant, script: Script, serve: Serve, idle: Renderer
) -> None:
    mail = queue_mail(plant)

    deliver_until(plant, serve(), idle, lambda: status(plant, mail) is EmailStatus.SENT)

    planned: datetime = plant.get(EmailMessage, mail).created_on
    assert read(script.received[0])["Date"].datetime == planned.replace(microsecond=0)
