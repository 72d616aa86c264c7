from __future__ import annotations

from pathlib import Path

import pytest

from countersign.cli.serve import gunicorn_command, inherited
from countersign.config.layers import load_settings

URL = "postgresql://ada:hush@db/countersign"


@pytest.mark.parametrize("name", ["COUNTERSIGN_DATABASE_URL", "COUNTERSIGN_DATABASE__URL"])
@pytest.mark.parametrize("override", [{}, {"database.url": "postgresql://ada:other@db/countersign"}])
def test_gunicorn_comes_to_the_same_settings_however_they_were_named(
    name: str, override: dict[str, object], tmp_path: Path
) -> None:
    given = {name: URL, "COUNTERSIGN_DATA_DIR": str(tmp_path), "COUNTERSIGN_DATABASE__CA_FILE": "/etc/ca.pem"}
    settings = load_settings(given, {"http.port": 9123, **override})

    again = load_settings(inherited(settings, given))

    assert again == settings


def test_a_secret_that_is_only_referred_to_stays_out_of_the_environment(tmp_path: Path) -> None:
    given = {
        "COUNTERSIGN_DATA_DIR": str(tmp_path),
        "COUNTERSIGN_DATABASE_URL": "env:SEALED",
        "SEALED": URL,
    }
    told = inherited(load_settings(given, {"http.port": 9123}), given)

    assert told == {**given, "COUNTERSIGN_HTTP__PORT": "9123"}


def test_what_only_the_environment_may_hold_is_not_on_the_command_line(tmp_path: Path) -> None:
    settings = load_settings(
        {
            "COUNTERSIGN_DATABASE_URL": URL,
            "COUNTERSIGN_DATA_DIR": str(tmp_path),
            "COUNTERSIGN_TLS__CERTIFICATE": "tls.pem",
            "COUNTERSIGN_TLS__PASSWORD": "hush",
        }
    )

    command = gunicorn_command(settings)

    assert not [part for part in command if "hush" in part]
    assert command[command.index("--certfile") + 1] == str(tmp_path / "tls.pem")
