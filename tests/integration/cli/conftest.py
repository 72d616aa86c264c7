from __future__ import annotations

import logging
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.conftest import POSTGRESQL, SQLITE
from tests.integration.cli.installation import Installation
from tests.postgres_servers import PostgresServers

Install = Callable[[Path, str], Installation]


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


class SetUp:
    """What `init` makes: once on each kind of database, and a copy of it for every test."""

    def __init__(self, servers: PostgresServers, stack: ExitStack) -> None:
        self._servers = servers
        self._stack = stack
        self._folders: dict[str, Path] = {}
        self._url = ""

    def on_sqlite(self, folder: Path, install: Install) -> Installation:
        if "sqlite" not in self._folders:
            self._folders["sqlite"] = self._new_folder()
            install(self._folders["sqlite"], "").init()
        shutil.copytree(self._folders["sqlite"], folder)
        return install(folder, "")

    def on_postgresql(self, folder: Path, install: Install) -> Installation:
        if "postgresql" not in self._folders:
            self._url = self._servers.new_database("postgresql")
            self._stack.callback(self._servers.drop, self._url)
            self._folders["postgresql"] = self._new_folder()
            install(self._folders["postgresql"], self._url).init()
        shutil.copytree(self._folders["postgresql"], folder)
        return install(folder, self._servers.copy(self._url))

    def _new_folder(self) -> Path:
        return Path(self._stack.enter_context(TemporaryDirectory(prefix="cs-cli-")), "data")


@pytest.fixture(scope="session")
def set_up(postgres_servers: PostgresServers) -> Iterator[SetUp]:
    with ExitStack() as stack:
        yield SetUp(postgres_servers, stack)


@pytest.fixture
def install(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Install:
    return lambda folder, url: Installation(folder, url, capsys, monkeypatch)


@pytest.fixture(params=[SQLITE, POSTGRESQL])
def installation(
    request: pytest.FixtureRequest,
    folder: Path,
    set_up: SetUp,
    install: Install,
    postgres_servers: PostgresServers,
) -> Iterator[Installation]:
    """On each database, set up."""
    if request.param == "sqlite":
        yield set_up.on_sqlite(folder / "data", install)
        return
    made = set_up.on_postgresql(folder / "data", install)
    yield made
    postgres_servers.drop(made.database_url)


@pytest.fixture
def on_sqlite(folder: Path, set_up: SetUp, install: Install) -> Installation:
    """In a folder of its own, set up."""
    return set_up.on_sqlite(folder / "data", install)


@pytest.fixture
def nothing(folder: Path, install: Install) -> Installation:
    """A folder where `init` was never run."""
    return install(folder / "nothing", "")
