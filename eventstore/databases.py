"""The three databases of a service: the log, what is read from it, and the keys of the people in it.

On SQLite three files of one folder, so that projections do not starve appends; on PostgreSQL three schemas,
of which the keys may live in a database of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

from sqlalchemy import Connection, Engine, MetaData, make_url, text

from countersign.eventstore.credentials import CredentialSource
from countersign.eventstore.outage import outages
from countersign.eventstore.schema import scripts
from countersign.eventstore.slow_watch import SlowWatch
from countersign.eventstore.sqlite_connections import SqliteConnections

Dialect = Literal["sqlite", "postgresql"]
Statement = Callable[[str], Sequence[tuple[Any, ...]]]
"""Runs a statement and returns its rows, if it has any."""
_ONE_PER_THREAD = 128  # a pool opens no more connections than threads ask for at once
ONE_AFTER_THE_OTHER = """
    SET LOCAL lock_timeout = '60s'; SET LOCAL statement_timeout = '60s';
    SELECT pg_advisory_xact_lock(5180277310)"""
_SCHEMA_EXISTS = "SELECT true FROM pg_namespace WHERE nspname = :name"


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseOptions:
    """Where the databases are and how patient a caller is.

    `url` is `sqlite:////folder` or `postgresql://...`. `listen_url` bypasses a pooler; empty means `url`,
    as it does for `keys_url`. A `pool_size` of 0 gives each thread its own; a time-out of 0 is none.
    Statements that take `slow_statement_ms` are noted, with 0 none.
    `credentials` stand in for those of `url` and `listen_url`, `keys_credentials` for those of `keys_url`.
    """

    url: str
    listen_url: str = ""
    keys_url: str = ""
    pool_size: int = 0
    max_overflow: int = 4
    timeout_s: float = 10.0
    recycle_s: int = 1_800
    pre_ping: bool = True
    lock_timeout_ms: int = 3_000
    statement_timeout_ms: int = 15_000
    idle_transaction_timeout_ms: int = 15_000
    slow_statement_ms: int = 0
    credentials: CredentialSource | None = None
    keys_credentials: CredentialSource | None = None


class Connections(Protocol):
    """How one dialect opens its transactions."""

    def reading(self) -> AbstractContextManager[Connection]: ...

    def writing(self, *, synced: bool = True) -> AbstractContextManager[Connection]: ...

    def close(self) -> None: ...


class PooledConnections(Connections, Protocol):
    """Those of a dialect that keeps them in pools."""

    def apart(self) -> AbstractContextManager[Statement]: ...

    def engines(self) -> Mapping[str, Engine]: ...


class Database:
    """What can be read and written; its `connections` know the dialect's own ways."""

    def __init__(self, name: str, dialect: Dialect, connections: Connections) -> None:
        self.name = name
        self.dialect = dialect
        self.connections = connections

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A snapshot in which nothing can be written.

        Raises:
            DatabaseUnavailable: it is not to be had.
        """
        with outages(), self.connections.reading() as connection:
            yield connection

    @contextmanager
    def write(self, *, synced: bool = True) -> Iterator[Connection]:
        """One transaction, committed at the end and undone by an error.

        Not `synced`, its commit does not wait for the disk: for what is made again from the log after a
        crash, and for what only a later commit gives a meaning. One that does wait brings all before it to
        the disk, since the order of the write-ahead log is that of the commits.

        Raises:
            DatabaseUnavailable: it is not to be had, or not its lock.
        """
        with outages(), self.connections.writing(synced=synced) as connection:
            yield connection

    def create(self, *tables: MetaData) -> None:
        """Create its own tables and these, where missing; several processes may do so at once."""
        with self.write() as connection:
            if self.dialect == "postgresql":
                connection.exec_driver_sql(ONE_AFTER_THE_OTHER)
                # IF NOT EXISTS would ask a cache that does not know yet what another has just created.
                if not connection.scalar(text(_SCHEMA_EXISTS), {"name": self.name}):
                    connection.exec_driver_sql(f'CREATE SCHEMA "{self.name}"')
            for script in scripts(self.dialect, self.name):
                connection.exec_driver_sql(script)
            for metadata in tables:
                metadata.create_all(connection)


class StoredDatabase(Database):
    """One of the three that a service has."""

    def __init__(self, name: str, dialect: Dialect, connections: PooledConnections) -> None:
        super().__init__(name, dialect, connections)
        self._pooled = connections

    @contextmanager
    def apart(self) -> Iterator[Statement]:
        """A way to run statements that no transaction may hold, such as VACUUM; on SQLite as its one writer.

        Raises:
            DatabaseUnavailable: it is not to be had, or not its lock.
        """
        with outages(), self._pooled.apart() as statement:
            yield statement

    def engines(self) -> Mapping[str, Engine]:
        """Its pools, by name."""
        return self._pooled.engines()


class Databases:
    """The three of them; nothing is opened before its first use, and each process opens its own."""

    def __init__(self, options: DatabaseOptions) -> None:
        self.options = options
        self.slow = SlowWatch(options.slow_statement_ms)
        place = make_url(options.url)
        self.folder = Path(place.database or ".").absolute() if place.drivername == "sqlite" else None
        open_at = _opener(options, options.url, options.credentials, self.slow)
        self.log = open_at("log")
        self.read = open_at("read")
        apart = options.keys_url
        self.keys = (_opener(options, apart, options.keys_credentials, self.slow) if apart else open_at)(
            "keys"
        )

    def all(self) -> tuple[StoredDatabase, StoredDatabase, StoredDatabase]:
        """The log, what is read from it, and the keys."""
        return self.log, self.read, self.keys

    def create(self) -> None:
        """Create what is not there; several processes may do so at once."""
        for database in self.all():
            database.create()

    def close(self) -> None:
        """Give back every connection of this process."""
        self.slow.close()
        for database in self.all():
            database.connections.close()


def _opener(
    options: DatabaseOptions, url: str, credentials: CredentialSource | None, slow: SlowWatch
) -> Callable[[str], StoredDatabase]:
    place = make_url(url)
    if place.drivername == "sqlite":
        folder = Path(place.database or ".").absolute()
        return lambda name: _in_folder(options, folder, name, slow)
    return _on_server(options, url, credentials, slow)


def _in_folder(options: DatabaseOptions, folder: Path, name: str, slow: SlowWatch) -> StoredDatabase:
    connections = SqliteConnections(
        folder / f"{name}.db",
        pool_size=options.pool_size or _ONE_PER_THREAD,
        max_overflow=options.max_overflow,
        timeout_s=options.timeout_s,
        lock_s=options.lock_timeout_ms / 1_000,
        watch=slow.attach,
    )
    return StoredDatabase(name, "sqlite", connections)


def _on_server(
    options: DatabaseOptions, url: str, credentials: CredentialSource | None, slow: SlowWatch
) -> Callable[[str], StoredDatabase]:
    # Imported here, since the driver is not there in a minimal installation.
    from countersign.eventstore.postgres_connections import (  # noqa: PLC0415
        PoolOptions,
        PostgresConnections,
        PostgresPool,
        TimeOuts,
    )

    pool = PostgresPool(
        PoolOptions(
            url,
            size=options.pool_size or _ONE_PER_THREAD,
            max_overflow=options.max_overflow,
            timeout_s=options.timeout_s,
            recycle_s=options.recycle_s,
            pre_ping=options.pre_ping,
            credentials=credentials,
            watch=slow.attach,
        )
    )
    time_outs = TimeOuts(
        options.lock_timeout_ms, options.statement_timeout_ms, options.idle_transaction_timeout_ms
    )
    return lambda name: StoredDatabase(name, "postgresql", PostgresConnections(pool, name, time_outs))
