"""Connections to the mail server that are used again."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from countersign.workers.mail.connections import Connection, IdleConnections
from countersign.workers.mail.delivery import Accepted, Deferred, Outcome, Refused, Unknown, Unwelcome
from countersign.workers.mail.letter import Letter
from countersign.workers.mail.smtp import SmtpDelivery
from countersign.workers.options import SmtpOptions
from tests.integration.workers.running import wait_until
from tests.integration.workers.scripted_server import Script

LETTER = Letter(
    "c@example.org", "client@example.com", b"Subject: Hello\r\n\r\nHello\r\n", international=False
)
Serve = Callable[..., SmtpOptions]


def calls(script: Script) -> int:
    servers_own_trial = 1
    return len(set(map(id, script.connections))) - servers_own_trial


def send(delivery: SmtpDelivery) -> Outcome:
    return delivery.deliver(LETTER, lambda: None)


def test_one_connection_carries_one_letter_after_the_other(script: Script, serve: Serve) -> None:
    delivery = SmtpDelivery(serve())

    outcomes = [send(delivery) for _ in range(5)]

    assert all(isinstance(outcome, Accepted) for outcome in outcomes)
    assert len(script.received) == 5
    assert calls(script) == 1


def test_with_encryption_and_a_login_both_happen_once(
    script: Script, serve: Serve, certificate: tuple[Path, ssl.SSLContext]
) -> None:
    trusted, context = certificate
    script.users = {"countersign": "secret"}
    options = serve(tls_context=context, authenticator=script.authenticate, auth_required=True)
    encrypted = replace(
        options, host="localhost", tls="starttls", user="countersign", password="secret", ca_file=str(trusted)
    )
    delivery = SmtpDelivery(encrypted)

    assert [type(send(delivery)) for _ in range(3)] == [Accepted] * 3
    assert calls(script) == 1


def test_who_was_not_let_in_introduces_themselves_again(
    script: Script, serve: Serve, certificate: tuple[Path, ssl.SSLContext]
) -> None:
    trusted, context = certificate
    options = serve(tls_context=context, authenticator=script.authenticate, auth_required=True)
    stranger = replace(
        options, host="localhost", tls="starttls", user="stranger", password="secret", ca_file=str(trusted)
    )
    delivery = SmtpDelivery(stranger)

    assert [type(send(delivery)) for _ in range(2)] == [Unwelcome] * 2
    assert calls(script) == 2


def test_a_refusal_leaves_the_connection_in_order(script: Script, serve: Serve) -> None:
    delivery = SmtpDelivery(serve())
    script.answers["RCPT"] = "550 5.1.1 no such user"
    assert isinstance(send(delivery), Refused)
    script.answers.clear()

    assert isinstance(send(delivery), Accepted)
    assert calls(script) == 1


def test_a_connection_that_the_server_closes_is_not_used_again(script: Script, serve: Serve) -> None:
    delivery = SmtpDelivery(serve())
    script.answers["RCPT"] = "421 4.7.0 closing"
    assert isinstance(send(delivery), Deferred)
    script.answers.clear()

    assert isinstance(send(delivery), Accepted)
    assert calls(script) == 2


def test_a_connection_that_was_cut_is_not_used_again(script: Script, serve: Serve) -> None:
    delivery = SmtpDelivery(serve())
    script.cut = "after the final dot"
    assert isinstance(send(delivery), Unknown)
    script.cut = ""

    assert isinstance(send(delivery), Accepted)
    assert calls(script) == 2


def test_a_server_that_hung_up_meanwhile_is_called_again(script: Script, serve: Serve) -> None:
    delivery = SmtpDelivery(serve())
    send(delivery)
    connection = script.connections[-1]
    connection.loop.call_soon_threadsafe(connection.hang_up)
    time.sleep(0.05)

    assert isinstance(send(delivery), Accepted)
    assert calls(script) == 2


def test_a_connection_carries_so_many_letters_and_no_more(script: Script, serve: Serve) -> None:
    delivery = SmtpDelivery(serve())
    delivery._idle = IdleConnections(letters_at_most=2)
    with closing(delivery._idle):
        for _ in range(5):
            send(delivery)

    assert calls(script) == 3


def test_what_nobody_needs_is_closed_after_a_while(script: Script, serve: Serve) -> None:
    delivery = SmtpDelivery(serve())
    idle = IdleConnections(idle_s=0.05)
    connection = Connection(delivery._connect(), introduced=True)

    idle.lay_down(connection)

    wait_until(lambda: connection.smtp.sock is None)
    assert idle.take() is None
