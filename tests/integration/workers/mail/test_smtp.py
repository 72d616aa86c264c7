"""What is certain after a letter was handed to a mail server, by what the server did."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from smtplib import SMTPResponseException

import pytest

from countersign.workers.mail.delivery import (
    Accepted,
    Away,
    Deferred,
    Outcome,
    Refused,
    Reply,
    Unknown,
    Unwelcome,
)
from countersign.workers.mail.letter import Letter
from countersign.workers.mail.smtp import SmtpDelivery
from countersign.workers.options import SmtpOptions
from tests.integration.workers.scripted_server import Script
from tests.ports import free_port

CONTENT = b"Subject: Hello\r\n\r\nA line.\r\n.\r\n..two dots\r\n.one\r\n"
LETTER = Letter("countersign@example.org", "client@example.com", CONTENT, international=False)
Serve = Callable[..., SmtpOptions]


class Begun:
    """Counts how often the content was about to leave."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> None:
        self.times += 1


@pytest.fixture
def begun() -> Begun:
    return Begun()


def deliver(options: SmtpOptions, begun: Begun, letter: Letter = LETTER) -> Outcome:
    return SmtpDelivery(options, time_limit_s=5.0).deliver(letter, begun)


def test_a_letter_arrives_as_it_was_written(script: Script, serve: Serve, begun: Begun) -> None:
    outcome = deliver(serve(), begun)

    assert outcome == Accepted(Reply(250, "taken as 4711"))
    (envelope,) = script.received
    assert envelope.content == CONTENT
    assert (envelope.mail_from, envelope.rcpt_tos) == ("countersign@example.org", ["client@example.com"])
    assert begun.times == 1


@pytest.mark.parametrize(("step", "begins"), [("RCPT", 0), ("DATA command", 1), ("DATA", 1)])
def test_a_reply_of_4xx_to_the_letter_is_tried_again_wherever_it_comes(
    script: Script, serve: Serve, begun: Begun, step: str, begins: int
) -> None:
    script.answers[step] = "451 not now"

    assert deliver(serve(), begun) == Deferred(Reply(451, "not now"))
    assert begun.times == begins
    assert script.received == []


@pytest.mark.parametrize(("step", "begins"), [("RCPT", 0), ("DATA command", 1), ("DATA", 1)])
def test_a_reply_of_5xx_to_the_letter_is_final(
    script: Script, serve: Serve, begun: Begun, step: str, begins: int
) -> None:
    script.answers[step] = "550 5.1.1 no such user"

    assert deliver(serve(), begun) == Refused(Reply(550, "5.1.1 no such user"))
    assert begun.times == begins


@pytest.mark.parametrize(
    ("step", "answer"),
    [("greeting", "554 go away"), ("MAIL", "550 5.7.1 not from you"), ("RCPT", "530 5.7.0 who are you")],
)
def test_a_server_that_refuses_us_does_not_speak_of_the_letter(
    script: Script, serve: Serve, begun: Begun, step: str, answer: str
) -> None:
    script.answers[step] = answer

    assert deliver(serve(), begun) == Unwelcome(Reply(int(answer[:3]), answer[4:]))
    assert begun.times == 0


@pytest.mark.parametrize("step", ["greeting", "MAIL"])
def test_a_server_that_is_not_ready_for_anybody_is_away(
    script: Script, serve: Serve, begun: Begun, step: str
) -> None:
    script.answers[step] = "421 shutting down"

    assert deliver(serve(), begun) == Away(Reply(421, "shutting down"))


def test_what_only_an_international_letter_needs_is_its_own_matter(
    script: Script, serve: Serve, begun: Begun
) -> None:
    script.answers["MAIL"] = "550 5.6.7 no"
    letter = replace(LETTER, recipient="grüße@example.com", international=True)

    assert isinstance(deliver(serve(enable_SMTPUTF8=True), begun, letter), Refused)
    script.answers["MAIL"] = "530 5.7.0 who are you"
    assert isinstance(deliver(serve(enable_SMTPUTF8=True), begun, letter), Unwelcome)


@pytest.mark.parametrize(("step", "begins"), [("RCPT", 0), ("DATA command", 1)])
def test_a_cut_before_any_content_has_left_is_tried_again(
    script: Script, serve: Serve, begun: Begun, step: str, begins: int
) -> None:
    script.cut = step

    outcome = deliver(serve(), begun)

    assert isinstance(outcome, Deferred)
    assert outcome.reply.code == 0
    assert begun.times == begins


@pytest.mark.parametrize("step", ["content", "after the final dot"])
def test_a_cut_once_content_has_left_leaves_doubt(
    script: Script, serve: Serve, begun: Begun, step: str
) -> None:
    script.cut = step

    assert isinstance(deliver(serve(), begun), Unknown)


def test_silence_after_the_final_dot_leaves_doubt(script: Script, serve: Serve, begun: Begun) -> None:
    script.silent = "after the final dot"

    assert isinstance(deliver(replace(serve(), timeout_s=0.3), begun), Unknown)


def test_a_server_that_does_not_greet_is_away(script: Script, serve: Serve, begun: Begun) -> None:
    script.cut = "greeting"
    assert isinstance(deliver(serve(), begun), Away)
    script.cut, script.silent = "", "greeting"
    assert isinstance(deliver(replace(serve(), timeout_s=0.3), begun), Away)
    assert begun.times == 0


def test_the_whole_conversation_is_limited_in_time(script: Script, serve: Serve, begun: Begun) -> None:
    script.silent = "after the final dot"
    began = time.monotonic()

    outcome = SmtpDelivery(replace(serve(), timeout_s=30.0), time_limit_s=0.4).deliver(LETTER, begun)

    assert isinstance(outcome, Unknown)
    assert time.monotonic() - began < 5


def test_nobody_at_the_door_is_away(begun: Begun) -> None:
    nobody = SmtpOptions(host="127.0.0.1", port=free_port(), from_address="c@example.org", timeout_s=1.0)

    outcome = deliver(nobody, begun)

    assert isinstance(outcome, Away)
    assert "refused" in outcome.reply.text.lower()


def test_what_stops_the_attempt_from_being_recorded_stops_the_letter(script: Script, serve: Serve) -> None:
    def not_recorded() -> None:
        raise RuntimeError("the log is away")

    with pytest.raises(RuntimeError, match="the log is away"):
        SmtpDelivery(serve()).deliver(LETTER, not_recorded)
    assert script.received == []


def test_an_international_address_needs_a_server_that_takes_it(
    script: Script, serve: Serve, begun: Begun
) -> None:
    letter = replace(LETTER, recipient="grüße@example.com", international=True)

    assert deliver(serve(enable_SMTPUTF8=True), begun, letter) == Accepted(Reply(250, "taken as 4711"))
    assert script.received[0].rcpt_tos == ["grüße@example.com"]
    assert isinstance(deliver(serve(enable_SMTPUTF8=False), begun, letter), Refused)


def test_starttls_encrypts_and_a_login_is_given(
    script: Script, serve: Serve, begun: Begun, certificate: tuple[Path, ssl.SSLContext]
) -> None:
    ca_file, context = certificate
    script.users["mailer"] = "quiet"
    options = serve(
        tls_context=context, require_starttls=True, authenticator=script.authenticate, auth_required=True
    )
    secured = replace(options, host="localhost", tls="starttls", ca_file=str(ca_file), user="mailer")

    assert isinstance(deliver(replace(secured, password="quiet"), begun), Accepted)
    assert isinstance(deliver(replace(secured, password="wrong"), begun), Unwelcome)
    assert len(script.received) == 1


def test_tls_from_the_first_byte(
    script: Script, serve: Serve, begun: Begun, certificate: tuple[Path, ssl.SSLContext]
) -> None:
    ca_file, context = certificate
    secured = replace(serve(ssl_context=context), host="localhost", tls="tls", ca_file=str(ca_file))

    assert isinstance(deliver(secured, begun), Accepted)


def test_a_certificate_that_nobody_vouches_for_gets_no_letter(
    script: Script, serve: Serve, begun: Begun, certificate: tuple[Path, ssl.SSLContext]
) -> None:
    _, context = certificate
    unknown = replace(serve(tls_context=context), host="localhost", tls="starttls")

    outcome = deliver(unknown, begun)

    assert isinstance(outcome, Away)
    assert "CERTIFICATE_VERIFY_FAILED" in outcome.reply.text
    assert begun.times == 0


def test_no_letter_goes_in_clear_text_because_the_server_offers_no_tls(
    script: Script, serve: Serve, begun: Begun
) -> None:
    assert isinstance(deliver(replace(serve(), tls="starttls"), begun), Away)
    assert script.received == []


def test_a_greeting_shows_that_the_server_is_there_and_takes_our_mail(script: Script, serve: Serve) -> None:
    options = serve()
    assert SmtpDelivery(options).greet().code == 221
    script.answers["MAIL"] = "550 5.7.1 not from you"
    with pytest.raises(SMTPResponseException, match="not from you"):
        SmtpDelivery(options).greet()
