"""Whom the service talks to: Redis, the mail server, whoever has its port, and its own other processes."""

from __future__ import annotations

import errno
import smtplib
import socket
import ssl
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit
from uuid import uuid4

import requests

from countersign.cli.doctor.finding import Finding, failed, ok, warning
from countersign.cli.ledger import Ledger
from countersign.cli.served_certificate import certificate_files
from countersign.cli.worker_options import worker_options
from countersign.config.settings import Settings
from countersign.config.tls.certificate import CertificateRefused
from countersign.workers.mail.smtp import SmtpDelivery

_PATIENCE_S: Final = 2.0


def redis(settings: Settings) -> Iterator[Finding]:
    """Whether it answers, where it is configured."""
    if not settings.redis.url:
        yield ok("redis", "not configured: the database wakes the readers")
        return
    # Imported here, since it is not there in a minimal installation.
    from redis import Redis, RedisError  # noqa: PLC0415

    timeout_s = settings.redis.timeout_s
    client = Redis.from_url(
        settings.redis.url.reveal(), socket_timeout=timeout_s, socket_connect_timeout=timeout_s
    )
    try:
        with client:
            client.ping()
    except RedisError as away:
        remedy = "Start it or mend redis.url; until then all is right but slower: readers poll."
        yield warning("redis", f"{settings.redis.url} does not answer: {away}", remedy)
    else:
        yield ok("redis", f"{settings.redis.url} answers")


def mail_server(settings: Settings) -> Iterator[Finding]:
    """Whether it greets us and lets us in; nothing is sent."""
    smtp = settings.smtp
    place = f"{smtp.host}:{smtp.port}"
    try:
        reply = SmtpDelivery(worker_options(settings).smtp).greet()
    except (OSError, smtplib.SMTPException) as trouble:
        verdict = failed if settings.environment == "production" else warning
        remedy = "Start it, or mend smtp.host, .port, .tls, .user and .from_address; until then mails wait."
        yield verdict("mail server", f"{place} does not let us in: {trouble}", remedy)
    else:
        yield ok("mail server", f"{place} answers: {reply.code} {reply.text}")


def port(settings: Settings) -> Iterator[Finding]:
    """Whether the API could start, or runs already."""
    http = settings.http
    place = f"{http.host}:{http.port}"
    try:
        family, kind, _, _, address = socket.getaddrinfo(http.host, http.port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as refused:
        if refused.errno == errno.EADDRINUSE:
            yield _who_has_it(settings, place)
        else:
            remedy = "Choose another http.host or http.port (ports below 1024 need a privilege)."
            yield failed("port", f"{place} cannot be listened at: {refused}", remedy)
    else:
        yield ok("port", f"{place} is free")


def wakeups(opened: Ledger) -> Iterator[Finding]:
    """Whether a signal reaches who waits for it."""
    folder = opened.databases.folder
    if folder is not None and not folder.is_dir():
        yield failed("wake-ups", f"not tried: {folder} is not there", "Run `countersign init`.")
        return
    if opened.wakeups.degraded:
        remedy = "All works, with a delay of up to a second."
        yield warning("wake-ups", opened.wakeups.degraded, remedy)
        return
    channel = f"doctor{uuid4().hex[:6]}"
    with opened.wakeups.listen(channel) as listener:
        opened.wakeups.signal(channel)
        heard = listener.wait(_PATIENCE_S)
    if heard:
        yield ok("wake-ups", "a signal reaches its listener")
    else:
        remedy = (
            "All works, with a delay of up to a second; see Redis, or database.listen_url behind a pooler."
        )
        yield warning("wake-ups", "a signal was not heard: readers poll", remedy)


def _who_has_it(settings: Settings, place: str) -> Finding:
    if _is_ours(settings, place):
        return ok("port", f"{place} is in use: the API answers there")
    return failed(
        "port",
        f"{place} is in use by another program",
        f"Stop it (see `ss -ltnp 'sport = :{urlsplit(f'//{place}').port}'`), or choose another http.port.",
    )


def _is_ours(settings: Settings, place: str) -> bool:
    if settings.tls.certificate:
        return _shows_our_certificate(settings)
    try:
        answer = requests.get(f"http://{place}/livez", timeout=_PATIENCE_S)
        return answer.ok and answer.json().get("status") == "alive"
    except (requests.RequestException, ValueError, AttributeError):
        return False


def _shows_our_certificate(settings: Settings) -> bool:
    # Which one it is, is the question: whether anybody trusts it, the finding `tls` says.
    try:
        shown = ssl.get_server_certificate((settings.http.host, settings.http.port), timeout=_PATIENCE_S)
        return ssl.PEM_cert_to_DER_cert(shown) == certificate_files(settings).read().der
    except (OSError, ValueError, CertificateRefused):
        return False
