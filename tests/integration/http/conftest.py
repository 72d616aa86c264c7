from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from countersign.aggregates.role import Role
from countersign.commands.options import SignInRules
from countersign.eventstore.databases import DatabaseOptions, Databases
from countersign.eventstore.open_wakeups import open_wakeups
from tests.furniture import Furnish, SqliteFolders, complete
from tests.integration.http.service import Caller, Service, set_up


@pytest.fixture(scope="session")
def furnish() -> Furnish:
    return complete


@pytest.fixture(scope="session")
def prepared_folder(tmp_path_factory: pytest.TempPathFactory, sqlite_folders: SqliteFolders) -> Path:
    folder = tmp_path_factory.mktemp("prepared") / "data"
    sqlite_folders.fill(folder, complete)
    with opened(folder) as service:
        set_up(service)
        service.catch_up()
        service.runner.release()
    return folder


@pytest.fixture
def service(prepared_folder: Path, tmp_path: Path) -> Iterator[Service]:
    folder = tmp_path / "data"
    shutil.copytree(prepared_folder, folder)
    with opened(folder) as service:
        yield service


@pytest.fixture
def strict(prepared_folder: Path, tmp_path: Path) -> Iterator[Service]:
    """Where an engineer needs a second factor."""
    folder = tmp_path / "data"
    shutil.copytree(prepared_folder, folder)
    with opened(folder, SignInRules(totp_required_roles=frozenset({Role.ENGINEER}))) as service:
        yield service


@pytest.fixture
def nobody(service: Service) -> Caller:
    return service.nobody


@pytest.fixture
def engineer(service: Service) -> Caller:
    return service.signed_in(Role.ENGINEER)


@pytest.fixture
def administrator(service: Service) -> Caller:
    return service.signed_in(Role.ADMINISTRATOR)


@contextmanager
def opened(folder: Path, rules: SignInRules | None = None) -> Iterator[Service]:
    """A process of the API on a prepared folder."""
    databases = Databases(DatabaseOptions(url=f"sqlite:///{folder}", lock_timeout_ms=400))
    wakeups = open_wakeups(databases)
    try:
        service = Service(databases, wakeups, rules)
        yield service
        service.services.usage.close()
        service.close()
    finally:
        wakeups.close()
        databases.close()
