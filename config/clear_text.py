"""Which connections of the settings would cross a network unencrypted, or to a server that proves nothing."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from typing import Final
from urllib.parse import parse_qs, urlsplit

from countersign.config.secret import SecretUrl
from countersign.config.settings import Settings

PROVING: Final = ("verify-full", "verify-ca")
"""What `sslmode` says where PostgreSQL has to prove who it is."""


def is_local(host: str) -> bool:
    """Whether no network lies between: this machine's own names, a socket, or nothing named."""
    if host in ("", "localhost") or host.startswith("/"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def in_clear_text(settings: Settings) -> Iterator[tuple[str, str]]:
    """The path of each setting, and what to write instead."""
    database = settings.database
    for name in ("url", "listen_url", "keys_url"):
        url: SecretUrl = getattr(database, name)
        if url and not _database_is_safe(url):
            yield f"database.{name}", "name the authority of the server's certificate in database.ca_file"
    redis = settings.redis.url
    if redis and not redis_is_verified(redis) and not redis_is_local(redis):
        yield "redis.url", "use rediss://, and name the authority of its certificate in redis.ca_file"
    if settings.smtp.tls == "none" and not is_local(settings.smtp.host):
        yield "smtp.tls", "set it to starttls or tls"
    if settings.webhooks.clear_text:
        yield "webhooks.clear_text", "set it to false: endpoints are called over https://"
    if not settings.tls.certificate and not is_local(settings.http.host):
        yield "http.host", "name tls.certificate, or listen at 127.0.0.1 behind a proxy on this machine"


def redis_is_verified(url: SecretUrl) -> bool:
    """Whether it is encrypted to a server that proves its name."""
    place = urlsplit(url.reveal())
    asked = parse_qs(place.query).get("ssl_cert_reqs", ["required"])[0]
    return place.scheme == "rediss" and asked == "required"


def redis_is_local(url: SecretUrl) -> bool:
    """Whether it stays on this machine."""
    place = urlsplit(url.reveal())
    return place.scheme == "unix" or is_local(place.hostname or "")


def _database_is_safe(url: SecretUrl) -> bool:
    place = urlsplit(url.reveal())
    said = parse_qs(place.query)
    hosts = [*said.get("host", []), *said.get("hostaddr", [])] or [place.hostname or ""]
    return said.get("sslmode", [""])[-1] in PROVING or all(map(is_local, hosts))
