from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.conftest import POSTGRESQL, SQLITE
from tests.integration.cli.installation import Installation


@pytest.fixture(autouse=True)
def _own_log_lines() -> Iterator[None]:
    """What a call sets up for the log of its process ends with the test."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    logging.captureWarnings(False)
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture
def folder() -> Iterator[Path]:
    """With a name so short that a socket in it can be bound."""
    with TemporaryDirectory(prefix="cs-cli-") as name:
        yield Path(name)


@pytest.fixture(params=[SQLITE, POSTGRESQL])
def installation(
    request: pytest.FixtureRequest,
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Installation:
    """On each database, set up."""
    url = request.getfixturevalue("postgres_url") if request.param == "postgresql" else ""
    made = Installation(folder / "data", url, capsys, monkeypatch)
    made.init()
    return made


@pytest.fixture
def on_sqlite(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Installation:
    """In a folder of its own, set up."""
    made = Installation(folder / "data", "", capsys, monkeypatch)
    made.init()
    return made


@pytest.fixture
def nothing(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Installation:
    """A folder where `init` was never run."""
    return Installation(folder / "nothing", "", capsys, monkeypatch)
