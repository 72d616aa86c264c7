"""Which settings come into force while the service runs."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any

import pytest

from countersign.config.layers import load_settings
from countersign.config.mistakes import ConfigurationInvalid
from countersign.config.reloading import digest_of, reloaded
from countersign.config.schema import schema_of_settings
from countersign.config.settings import Settings

SAFE = {
    "logging.level",
    "logging.format",
    "smtp.host",
    "smtp.password",
    "queues.mail.rate_per_minute",
    "rate_limits.user_per_hour",
    "http.allowed_hosts",
    "webhooks.allowed_networks",
    "tls.certificate",
    *(f"features.{each.name}" for each in fields(load_settings({}).features)),
}
NEVER = {"data_dir", "keys_dir", "http.host", "http.port", "http.workers", "database.url", "redis.url"}


def settings(**environ: str) -> Settings:
    return load_settings({f"COUNTERSIGN_{name}": text for name, text in environ.items()})


def test_the_agreed_settings_are_reloadable_and_what_is_opened_once_is_not() -> None:
    reloadable = {".".join(keys) for keys, leaf in schema_of_settings().leaves.items() if leaf.reloadable}

    assert reloadable >= SAFE
    assert not reloadable & NEVER


def test_what_is_safe_comes_into_force_and_what_is_not_is_named() -> None:
    held = settings()

    taken = reloaded(held, settings(LOGGING__LEVEL="debug", HTTP__PORT="9999", SMTP__HOST="mail"))

    assert taken.changed == ("smtp.host", "logging.level")
    assert "http.port" in taken.restart_needed
    assert (taken.settings.logging.level, taken.settings.smtp.host) == ("debug", "mail")
    assert taken.settings.http == held.http
    assert taken.settings.sources["logging.level"] == "$COUNTERSIGN_LOGGING__LEVEL"
    assert taken.settings.sources["http.port"] == held.sources["http.port"]


def test_nothing_new_changes_nothing() -> None:
    taken = reloaded(settings(), settings())

    assert (taken.changed, taken.restart_needed) == ((), ())
    assert taken.settings == settings()


def test_every_section_is_reached() -> None:
    held = settings()
    taken = reloaded(held, settings()).settings

    assert _leaves(taken) == _leaves(held)


def test_references_are_taken_up_and_forgotten_with_their_values() -> None:
    environ = {"COUNTERSIGN_SMTP__USER": "mailer", "COUNTERSIGN_SMTP__PASSWORD": "env:KEPT", "KEPT": "one"}
    referring = load_settings(environ)
    plain = load_settings(environ | {"COUNTERSIGN_SMTP__PASSWORD": "two"})

    assert reloaded(plain, referring).settings.references == {"smtp.password": "env:KEPT"}
    assert reloaded(referring, plain).settings.references == {}
    assert reloaded(referring, load_settings(environ | {"KEPT": "other"})).changed == ("smtp.password",)


def test_what_does_not_go_together_with_what_stays_is_refused() -> None:
    held = settings(DATABASE_URL="postgresql://app:kept@db/countersign")
    read = settings(SMTP__USER="mailer", SMTP__PASSWORD="kept")
    broken = load_settings({}, {"smtp.host": "mail"})
    object.__setattr__(read.smtp, "password", broken.smtp.password)

    with pytest.raises(ConfigurationInvalid) as invalid:
        reloaded(held, read)

    assert [error.path for error in invalid.value.errors] == ["smtp.user"]


def test_the_digest_tells_settings_apart_but_not_secrets() -> None:
    one = settings(SMTP__USER="mailer", SMTP__PASSWORD="one")

    assert digest_of(one) == digest_of(settings(SMTP__USER="mailer", SMTP__PASSWORD="two"))
    assert digest_of(one) != digest_of(settings(SMTP__USER="another", SMTP__PASSWORD="one"))


def _leaves(part: Any) -> list[Any]:
    if not is_dataclass(part):
        return [part]
    return [leaf for each in fields(part) for leaf in _leaves(getattr(part, each.name))]
