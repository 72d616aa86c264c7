"""Reading the settings again: what is refused leaves everything as it was, and no event holds a value."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from countersign.cli.reload import InForce
from countersign.commands.configuration.record_rejection import RecordRejection
from countersign.commands.configuration.record_reload import RecordReload
from countersign.config.layers import load_settings
from countersign.config.settings import Settings

PRODUCTION = {
    "COUNTERSIGN_ENV": "production",
    "COUNTERSIGN_LOGGING__HANDLERS": "console",
    "COUNTERSIGN_DATABASE_URL": "postgresql://app:gT7mw0Vd@db/countersign",
    "COUNTERSIGN_DATABASE__CA_FILE": "/etc/countersign/ca.pem",
    "COUNTERSIGN_HTTP__TRUSTED_PROXIES": "1",
    "COUNTERSIGN_SMTP__FROM_ADDRESS": "reports@acme-engineering.se",
}


@pytest.fixture(autouse=True)
def _own_log_lines() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    logging.captureWarnings(False)
    root.handlers[:] = handlers
    root.setLevel(level)


def in_force(environ: dict[str, str]) -> InForce:
    """Settings that are read from what `environ` holds at the time."""

    def read() -> Settings:
        return load_settings(environ)

    return InForce(read(), read, "work")


def test_a_reload_puts_the_log_level_into_force_at_once() -> None:
    environ: dict[str, str] = {}
    held = in_force(environ)
    environ["COUNTERSIGN_LOGGING__LEVEL"] = "error"

    outcome = held.reload()

    assert (outcome.accepted, outcome.changed) == (True, ("logging.level",))
    assert logging.getLogger().level == logging.ERROR
    assert isinstance(outcome.event, RecordReload)
    assert len(outcome.event.digest) == 64


def test_a_secret_that_came_by_a_reload_is_masked_in_the_log(capfd: pytest.CaptureFixture[str]) -> None:
    environ = {"COUNTERSIGN_SMTP__USER": "mailer", "COUNTERSIGN_SMTP__PASSWORD": "first-one"}
    held = in_force(environ)
    environ["COUNTERSIGN_SMTP__PASSWORD"] = "second-one"

    held.reload()
    logging.getLogger("countersign").warning("the server said second-one")

    said = capfd.readouterr().err
    assert "the server said ***" in said
    assert "second-one" not in said


def test_what_is_wrong_is_noted_by_its_place_alone(caplog: pytest.LogCaptureFixture) -> None:
    environ: dict[str, str] = {}
    held = in_force(environ)
    before = held.settings
    environ |= {"COUNTERSIGN_LOGGING__LEVEL": "loud", "COUNTERSIGN_SMTP__PORT": "7"}

    outcome = held.reload()

    assert not outcome.accepted
    assert held.settings is before
    assert outcome.event == RecordRejection(
        source="work", errors=("$COUNTERSIGN_LOGGING__LEVEL: logging.level",)
    )
    assert "expected one of debug, info, warning, error" in caplog.text


def test_production_takes_nothing_up_that_it_would_not_start_with() -> None:
    environ = dict(PRODUCTION)
    held = in_force(environ)
    environ["COUNTERSIGN_HTTP__REQUIRE_HTTPS"] = "false"
    environ["COUNTERSIGN_LOGGING__LEVEL"] = "debug"

    outcome = held.reload()

    assert not outcome.accepted
    assert held.settings.logging.level == "info"
    assert outcome.changed == ()
