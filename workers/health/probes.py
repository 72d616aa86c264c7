"""Probes of what every installation leans on: databases, Redis and the mail server."""

from __future__ import annotations

import smtplib
import time
from typing import Final

from countersign.eventstore.databases import Databases
from countersign.eventstore.log import Log
from countersign.projections.health.reading import Probe, Reading, absent, failed, well, worse
from countersign.workers.mail.connections import TROUBLE
from countersign.workers.mail.smtp import SmtpDelivery

SLOW_MS: Final = 1_000.0
_LONGEST_ANSWER: Final = 200


def database_probe(databases: Databases, log: Log) -> Probe:
    """Whether all three databases answer, how soon, and how much the log holds."""

    def probe() -> Reading:
        began = time.perf_counter()
        with databases.keys.read(), databases.read.read():
            head = log.head()
        took_ms = (time.perf_counter() - began) * 1000
        says = f"{databases.log.dialect} answers in {took_ms:.0f} ms, {head} events"
        figures = {"answer_ms": round(took_ms, 2), "log_head": float(head)}
        if took_ms > SLOW_MS:
            return worse(says, "Look at the database's load: `countersign doctor`.", **figures)
        return well(says, **figures)

    return probe


def redis_probe(url: str) -> Probe:
    """Whether Redis answers, where it is configured."""

    def probe() -> Reading:
        if not url:
            return absent()
        # Imported here, since it is not there in a minimal installation.
        from redis import Redis, RedisError  # noqa: PLC0415

        began = time.perf_counter()
        try:
            with Redis.from_url(url, socket_timeout=2.0, socket_connect_timeout=2.0) as client:
                client.ping()
        except RedisError as away:
            return worse(
                f"{type(away).__name__}: nothing is wrong but slower, since others wake and count",
                "Start Redis or mend the way to it: `countersign doctor`.",
            )
        took_ms = round((time.perf_counter() - began) * 1000, 2)
        return well(f"it answers in {took_ms:.0f} ms", answer_ms=took_ms)

    return probe


def smtp_probe(delivery: SmtpDelivery) -> Probe:
    """Whether the mail server greets us, lets us in and takes mail from our address."""

    def probe() -> Reading:
        began = time.perf_counter()
        try:
            reply = delivery.greet()
        except smtplib.SMTPResponseException as answer:
            return _not_welcome(answer)
        except TROUBLE as trouble:
            return failed(
                f"{type(trouble).__name__}: {trouble}; mails wait",
                "Start the mail server or mend the way to it (smtp.*): `countersign doctor`. "
                "Mails go out by themselves afterwards.",
            )
        took_ms = round((time.perf_counter() - began) * 1000, 2)
        return well(f"it greets us ({reply.code})", answer_ms=took_ms)

    return probe


def _not_welcome(answer: smtplib.SMTPResponseException) -> Reading:
    said = answer.smtp_error
    words = said if isinstance(said, str) else said.decode("utf-8", "replace")
    return failed(
        f"it refuses us: {answer.smtp_code} {' '.join(words.split())[:_LONGEST_ANSWER]}; mails wait",
        "Mend smtp.user, smtp.password, smtp.from_address or whom the server lets in: `countersign doctor`. "
        "Mails go out by themselves within a minute.",
    )
