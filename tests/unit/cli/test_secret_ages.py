"""The health check says when it is time to rotate a secret."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from countersign.cli.secret_ages import secrets_probe
from countersign.cli.secret_notes import secrets_in_use
from countersign.config.key_files import create_keys
from countersign.config.layers import load_settings
from countersign.config.settings import Settings
from countersign.config.signing_key_files import add_signing_key
from countersign.projections.health.reading import Condition, Reading
from tests.unit.commands.people.service import Service


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    (tmp_path / "log").mkdir()
    with closing(Service(tmp_path / "log")) as service:
        yield service


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    environ = {"COUNTERSIGN_ENV": "testing", "COUNTERSIGN_DATA_DIR": str(tmp_path)}
    found = load_settings(environ)
    create_keys(found.keys_dir)
    return found


def look(service: Service, settings: Settings, days: int) -> Reading:
    now = service.now + timedelta(days=days)
    return secrets_probe(settings, service.shared.aggregates, lambda: now)()


def note(service: Service, settings: Settings) -> None:
    for command in secrets_in_use(settings):
        service.give(command)


def test_a_secret_is_old_until_another_version_of_it_is_in_use(service: Service, settings: Settings) -> None:
    note(service, settings)
    assert look(service, settings, 364).condition is Condition.OK
    old = look(service, settings, 366)
    assert (old.condition, old.says) == (Condition.DEGRADED, "token-signing is 366 days old")
    assert "countersign keys rotate" in old.remedy

    service.now += timedelta(days=366)
    add_signing_key(settings.keys_dir, service.now)
    note(service, settings)
    assert look(service, settings, 1).figures == {"oldest_days": 1.0}


def test_nothing_is_said_where_no_age_is_set(service: Service, settings: Settings) -> None:
    note(service, settings)
    never = replace(settings, keys=replace(settings.keys, rotate_after_days=0))
    assert look(service, never, 9999).condition is Condition.ABSENT
