from __future__ import annotations

from pathlib import Path

import pytest

from countersign.cli.serve import SHORT_NAMES, gunicorn_command, inherited
from countersign.config.layers import load_settings


@pytest.mark.parametrize("name", ["COUNTERSIGN_DATABASE_URL", "COUNTERSIGN_DATABASE__URL"])
def test_gunicorn_comes_to_the_same_settings_however_they_were_named(name: str, tmp_path: Path) -> None:
    given = {name: "postgresql://ada:secret@db/countersign", "COUNTERSIGN_DATA_DIR": str(tmp_path)}
    settings = load_settings(given, {"http.port": 9123})

    kept = {key: value for key, value in given.items() if key not in SHORT_NAMES}
    again = load_settings({**kept, **inherited(settings)})

    assert again == settings


def test_what_only_the_environment_may_hold_is_not_on_the_command_line(tmp_path: Path) -> None:
    url = "postgresql://ada:hush@db/countersign"
    settings = load_settings({"COUNTERSIGN_DATABASE_URL": url, "COUNTERSIGN_DATA_DIR": str(tmp_path)})

    assert not [part for part in gunicorn_command(settings) if "hush" in part]
