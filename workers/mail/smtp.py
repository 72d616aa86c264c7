"""Handing one letter to the mail server, and knowing afterwards what is certain."""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import replace
from functools import cached_property
from threading import Timer
from weakref import finalize

from countersign.workers.mail.connections import TROUBLE, Connection, IdleConnections
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
from countersign.workers.mail.discretion import without_recipient
from countersign.workers.mail.letter import Letter
from countersign.workers.options import SmtpOptions

START_CONTENT = 354
CLOSING = 421
NO_SUCH_ADDRESS = 553
LOGIN_WANTED = frozenset({530, 534, 535, 538})
LONGEST_REPLY = 500
LEADING_DOT = re.compile(rb"^\.", re.MULTILINE)


class SmtpDelivery:
    """Sends letters, each to one recipient; a connection that has carried one is kept for the next."""

    def __init__(self, options: SmtpOptions, time_limit_s: float = 120.0) -> None:
        self._options = options
        self._time_limit_s = time_limit_s
        self._idle = IdleConnections()
        finalize(self, self._idle.close)

    def deliver(self, letter: Letter, before_content: Callable[[], None]) -> Outcome:
        """Send it; the outcome names nobody, since it goes to logs and events.

        `before_content` is called once the server takes sender and recipient. What it raises ends the
        delivery with nothing sent, and rises.
        """
        return _naming_nobody(self._deliver(letter, before_content), letter.recipient)

    def greet(self) -> Reply:
        """See whether the server is there, lets us in and takes what comes from our address.

        Raises:
            OSError, SMTPException: it does not.
        """
        with closing(self._connect()) as connection:
            self._introduce(connection)
            _hope_for_250(connection.mail(self._options.from_address))
            return _reply(connection.quit())

    def _deliver(self, letter: Letter, before_content: Callable[[], None]) -> Outcome:
        try:
            connection = self._idle.take() or Connection(self._connect())
        except smtplib.SMTPResponseException as answer:
            return _by_code(answer, Unwelcome, Away)
        except TROUBLE as trouble:
            return Away(_spoken(trouble))
        overdue = Timer(self._time_limit_s, _cut, (connection.smtp,))
        overdue.daemon = True
        overdue.start()
        outcome: Outcome | None = None
        try:
            outcome = self._converse(connection, letter, before_content)
            return outcome
        finally:
            overdue.cancel()
            if _speaks_on(outcome):
                self._idle.lay_down(connection)
            else:
                connection.smtp.close()

    def _connect(self) -> smtplib.SMTP:
        host, port, timeout = self._options.host, self._options.port, self._options.timeout_s
        if self._options.tls == "tls":
            return smtplib.SMTP_SSL(host, port, self._own_name, timeout=timeout, context=self._trust())
        return smtplib.SMTP(host, port, self._own_name, timeout=timeout)

    def _converse(
        self, connection: Connection, letter: Letter, before_content: Callable[[], None]
    ) -> Outcome:
        try:
            if not connection.introduced:
                self._introduce(connection.smtp)
                connection.introduced = True
        except smtplib.SMTPResponseException as answer:
            return _by_code(answer, Unwelcome, Away)
        except TROUBLE as trouble:
            return Away(_spoken(trouble))
        if not_taken := _name_sender(connection.smtp, letter) or _name_recipient(connection.smtp, letter):
            return not_taken
        before_content()
        return _send_content(connection.smtp, letter.content)

    def _introduce(self, connection: smtplib.SMTP) -> None:
        connection.ehlo_or_helo_if_needed()
        if self._options.tls == "starttls":  # never in clear text because the server would have it so
            connection.starttls(context=self._trust())
            connection.ehlo_or_helo_if_needed()  # what was said in clear text counts no more (RFC 3207)
        if self._options.user:
            connection.login(self._options.user, self._options.password)

    def _trust(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self._options.ca_file or None)

    @cached_property
    def _own_name(self) -> str:
        name = socket.getfqdn()  # may ask the network: once
        return name if "." in name else "[127.0.0.1]"


def _name_sender(connection: smtplib.SMTP, letter: Letter) -> Outcome | None:
    if letter.international and not connection.has_extn("smtputf8"):
        return Refused(Reply(NO_SUCH_ADDRESS, "the server takes no international addresses"))
    try:
        _hope_for_250(connection.mail(letter.sender, ["SMTPUTF8"] if letter.international else []))
    except smtplib.SMTPResponseException as answer:
        if letter.international and answer.smtp_code not in LOGIN_WANTED:
            return _by_code(answer, Refused)  # what is special about this letter may be what it does not like
        return _by_code(answer, Unwelcome, Away)  # the sender is the same for every letter
    except TROUBLE as trouble:
        return Away(_spoken(trouble))
    return None


def _name_recipient(connection: smtplib.SMTP, letter: Letter) -> Outcome | None:
    try:
        _hope_for_250(connection.rcpt(letter.recipient))
    except smtplib.SMTPResponseException as answer:
        return _by_code(answer, Unwelcome if answer.smtp_code in LOGIN_WANTED else Refused)
    except TROUBLE as trouble:
        return Deferred(_spoken(trouble))
    return None


def _send_content(connection: smtplib.SMTP, content: bytes) -> Outcome:
    try:
        code, text = connection.docmd("DATA")
    except TROUBLE as trouble:
        return Deferred(_spoken(trouble))
    if code != START_CONTENT:
        return _by_code(smtplib.SMTPResponseException(code, text), Refused)
    try:
        connection.send(LEADING_DOT.sub(b"..", content) + b".\r\n")
        code, text = connection.getreply()
    except TROUBLE as cut:
        return Unknown(f"{type(cut).__name__}: {cut}")
    if code // 100 == 2:
        return Accepted(_reply((code, text)))
    if code // 100 not in (4, 5):
        return Unknown(f"the server answered {code} to the content")
    return _by_code(smtplib.SMTPResponseException(code, text), Refused)


def _speaks_on(outcome: Outcome | None) -> bool:
    return isinstance(outcome, Accepted | Refused | Deferred) and outcome.reply.code not in (0, CLOSING)


def _hope_for_250(answer: tuple[int, bytes]) -> None:
    if answer[0] not in (250, 251):
        raise smtplib.SMTPResponseException(*answer)


def _by_code(
    answer: smtplib.SMTPResponseException,
    refused: type[Refused | Unwelcome],
    not_now: type[Deferred | Away] = Deferred,
) -> Outcome:
    reply = _reply((answer.smtp_code, answer.smtp_error))
    return refused(reply) if reply.code // 100 == 5 else not_now(reply)


def _spoken(trouble: Exception) -> Reply:
    return Reply(0, f"{type(trouble).__name__}: {trouble}")


def _reply(answer: tuple[int, bytes | str]) -> Reply:
    code, text = answer
    spoken = text if isinstance(text, str) else text.decode("utf-8", "replace")
    visible = "".join(sign if sign.isprintable() else " " for sign in spoken)
    return Reply(code, " ".join(visible.split()))


def _naming_nobody(outcome: Outcome, recipient: str) -> Outcome:
    if isinstance(outcome, Unknown):
        return Unknown(without_recipient(outcome.why, recipient)[:LONGEST_REPLY])
    text = without_recipient(outcome.reply.text, recipient)[:LONGEST_REPLY]
    return replace(outcome, reply=Reply(outcome.reply.code, text))


def _cut(connection: smtplib.SMTP) -> None:
    if connection.sock is not None:
        with suppress(OSError):  # it has ended by itself
            connection.sock.shutdown(socket.SHUT_RDWR)
