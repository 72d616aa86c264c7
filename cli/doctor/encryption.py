"""Whether what goes over a network is encrypted, and to whom: clients, database, Redis, mail server."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from sqlalchemy import make_url

from countersign.cli.certificate_standing import RENEW, certificate_standing
from countersign.cli.doctor.finding import Finding, failed, ok, warning
from countersign.cli.foundation import utc_now
from countersign.cli.served_certificate import certificate_files
from countersign.config.clear_text import PROVING, is_local, redis_is_local, redis_is_verified
from countersign.config.settings import Settings
from countersign.eventstore.databases import Databases
from countersign.eventstore.outage import DatabaseUnavailable

_OWN_SESSION: Final = "SELECT ssl, version FROM pg_stat_ssl WHERE pid = pg_backend_pid()"


def certificate(settings: Settings) -> Iterator[Finding]:
    """Whether the API has one that clients take, and for how long yet."""
    found = certificate_standing(settings, utc_now())
    if found is None:
        yield _plain_http(settings)
        return
    if found.certificate is None:
        yield failed("tls", found.says, "Mend what the message names; docs/runbook.md has the steps.")
        return
    yield ok("tls", found.says) if found.is_fine else warning("tls", found.says, RENEW)
    host = urlsplit(settings.http.public_url).hostname or ""
    if not found.certificate.covers(host):
        remedy = "Have one signed for that name, or mend http.public_url."
        yield warning("tls name", f"the certificate is not for {host}, which http.public_url names", remedy)
    if (readable := certificate_files(settings).open_to_others()) is not None:
        verdict = failed if settings.environment == "production" else warning
        yield verdict("tls key", f"every user may read {readable}", f"Run `chmod 600 {readable}`.")


def neighbours(settings: Settings) -> Iterator[Finding]:
    """Whether the ways to Redis and the mail server are."""
    if settings.redis.url:
        verified, local = redis_is_verified(settings.redis.url), redis_is_local(settings.redis.url)
        remedy = "Use rediss:// in redis.url, and name the authority of its certificate in redis.ca_file."
        yield _link(settings, "redis link", verified, local=local, remedy=remedy)
    smtp = settings.smtp
    remedy = "Set smtp.tls to starttls or tls; smtp.ca_file names an authority that the system does not know."
    yield _link(settings, "mail link", smtp.tls != "none", local=is_local(smtp.host), remedy=remedy)


def database(settings: Settings, databases: Databases) -> Iterator[Finding]:
    """Whether the way to PostgreSQL is, and whether it proved who it is."""
    if databases.folder is not None:
        return
    url = make_url(databases.options.url)
    # A host that is a path, or none, is a socket of this machine.
    local = is_local(str(url.query.get("host") or url.host or ""))
    try:
        with databases.log.read() as connection:
            encrypted, version = connection.exec_driver_sql(_OWN_SESSION).one()
    except DatabaseUnavailable:
        return  # another finding says so
    verified = url.query.get("sslmode") in PROVING
    remedy = "Name the authority of the server's certificate in database.ca_file (PostgreSQL: `ssl = on`)."
    if encrypted and not verified and not local:
        yield warning("database link", f"encrypted ({version}), but to whom is not verified", remedy)
        return
    yield _link(settings, "database link", bool(encrypted and verified), local=local, remedy=remedy)


def _plain_http(settings: Settings) -> Finding:
    if is_local(settings.http.host):
        return ok("tls", f"none: plain HTTP on this machine only ({settings.http.host})")
    remedy = "Set tls.certificate (docs/production.md), or listen at 127.0.0.1 behind a proxy with TLS."
    return warning("tls", f"none: plain HTTP at {settings.http.host}, which others can listen to", remedy)


def _link(settings: Settings, subject: str, safe: bool, *, local: bool, remedy: str) -> Finding:
    if safe:
        return ok(subject, "encrypted, and the server has to prove its name")
    if local:
        return ok(subject, "not encrypted, on this machine")
    verdict = failed if settings.environment == "production" else warning
    return verdict(subject, "passwords and names go over the network in clear text", remedy)
