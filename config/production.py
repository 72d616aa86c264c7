"""What production refuses to start with: each in a sentence that says what to write instead."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from countersign.config.clear_text import in_clear_text
from countersign.config.mistakes import ConfigurationInvalid, Mistake
from countersign.config.secret import Secret
from countersign.config.settings import Settings

_KNOWN: Final = re.compile(
    r"(change[-_ ]?me|changeit|default|secret|password|passw0rd|admin|administrator|root|postgres|guest|"
    r"test|testing|demo|example|dev|devel|development|insecure|countersign|letmein|qwerty|12345\d*)[-_!\d]*",
    re.IGNORECASE,
)
_EXAMPLE_DOMAIN: Final = re.compile(
    r"(?:.+\.)?(?:example(?:\.(?:com|net|org))?|invalid|test|localhost|localdomain)", re.IGNORECASE
)
_TOO_WELL_KNOWN: Final = "Production does not start with a secret that everybody knows: make a new one."
_SQLITE: Final = (
    "Production does not start on SQLite: name a PostgreSQL database, "
    "or say that you mean it by database.allow_sqlite_in_production."
)
_PLAIN_HTTP: Final = (
    "Production does not start with plain HTTP: name tls.certificate, or set http.require_https "
    "and http.trusted_proxies behind a proxy that speaks TLS."
)
_NO_SECOND_FACTOR: Final = (
    "Production does not start without a policy for second factors: name the roles that need one."
)

Found = Iterator[tuple[str, str]]


def production_refusals(settings: Settings) -> list[Mistake]:
    """Why these settings are not fit for production; nothing where they are of another environment."""
    if settings.environment != "production":
        return []
    found = [
        *_development_secrets(settings),
        *_example_domains(settings),
        *_sqlite(settings),
        *_plain_http(settings),
        *_second_factors(settings),
        *_clear_text(settings),
    ]
    return [Mistake(settings.sources.get(path, ""), path, sentence) for path, sentence in found]


def require_fit(settings: Settings) -> None:
    """Let a process of the service start. Raises `ConfigurationInvalid` with every reason not to."""
    if refused := production_refusals(settings):
        raise ConfigurationInvalid(refused)


def _development_secrets(settings: Settings) -> Found:
    for path, value in settings.values():
        if isinstance(value, Secret) and any(_KNOWN.fullmatch(text) for text in value.confidential()):
            yield path, _TOO_WELL_KNOWN


def _example_domains(settings: Settings) -> Found:
    hosts = {
        "smtp.from_address": settings.smtp.from_address.rpartition("@")[2],
        "http.public_url": urlsplit(settings.http.public_url).hostname or "",
    }
    for path, host in hosts.items():
        if _EXAMPLE_DOMAIN.fullmatch(host):
            yield path, f"Production does not start under the example domain {host}: name the real one."


def _sqlite(settings: Settings) -> Found:
    if not settings.database.url and not settings.database.allow_sqlite_in_production:
        yield "database.url", _SQLITE


def _plain_http(settings: Settings) -> Found:
    http = settings.http
    behind_proxy = http.require_https and (http.trusted_proxies > 0 or http.trusted_networks)
    if not settings.tls.certificate and not behind_proxy:
        yield "http.require_https", _PLAIN_HTTP


def _second_factors(settings: Settings) -> Found:
    if not settings.sign_in.totp_required_roles:
        yield "sign_in.totp_required_roles", _NO_SECOND_FACTOR


def _clear_text(settings: Settings) -> Found:
    for path, remedy in in_clear_text(settings):
        yield path, f"Production does not start with clear text over a network: {remedy}."
