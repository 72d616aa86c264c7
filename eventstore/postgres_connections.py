"""Connections to one schema of a PostgreSQL database, with time-outs that also hold through a pooler."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, Final, cast

import psycopg2.extensions
from sqlalchemy import Connection, Engine, create_engine, make_url
from sqlalchemy.pool import PoolProxiedConnection

from countersign.eventstore.credentials import CredentialSource, follow, outlived
from countersign.eventstore.per_process import PerProcess
from countersign.eventstore.ping import ping_the_rested

DriverConnection = psycopg2.extensions.connection
# A server that vanished without a word is noticed, and does not hang its callers. What is sent into a cut is
# sent again at ever longer intervals, so that a connection which waits it out is back long after the cable.
WATCHFUL: Final[Mapping[str, Any]] = {
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 5_000,
}


@dataclass(frozen=True, slots=True)
class TimeOuts:
    """In milliseconds; 0 is none."""

    lock: int
    statement: int
    idle_transaction: int

    def sql(self) -> str:
        """Statements that set them for one transaction, since a pooler forgets anything longer."""
        return (
            f"SET LOCAL lock_timeout = {self.lock:d}; SET LOCAL statement_timeout = {self.statement:d}; "
            f"SET LOCAL idle_in_transaction_session_timeout = {self.idle_transaction:d}; "
        )


@dataclass(frozen=True, slots=True)
class PoolOptions:
    """Where the server is, and how many connections a process may have to it."""

    url: str
    size: int
    max_overflow: int
    timeout_s: float
    recycle_s: int
    pre_ping: bool
    credentials: CredentialSource | None = None
    watch: Callable[[Engine], None] | None = None


class PostgresPool:
    """The pool of one server; each process has its own, made at first use."""

    def __init__(self, options: PoolOptions) -> None:
        self.options = options
        self._engines = PerProcess(self._make)

    def engine(self) -> Engine:
        """The engine of this process."""
        return self._engines.get()

    def existing(self) -> Engine | None:
        """The engine of this process if it was needed."""
        return self._engines.existing()

    @contextmanager
    def driver(self) -> Iterator[DriverConnection]:
        """The driver's own connection; each call of `execute` is one transaction and one round trip."""
        pooled = self.engine().raw_connection()
        try:
            connection = cast("DriverConnection", pooled.driver_connection)
            connection.autocommit = True
            yield connection
            connection.autocommit = False
        except BaseException:
            pooled.invalidate()
            raise
        finally:
            pooled.close()

    def close(self) -> None:
        """Give back what this process has opened."""
        engine = self._engines.existing()
        if engine:
            engine.dispose()

    def _make(self) -> Engine:
        engine = create_engine(
            make_url(self.options.url).set(drivername="postgresql+psycopg2"),
            pool_size=self.options.size,
            max_overflow=self.options.max_overflow,
            pool_timeout=self.options.timeout_s,
            pool_recycle=self.options.recycle_s or -1,
            hide_parameters=True,  # names and addresses are among them, and errors go to the log
            connect_args={
                "connect_timeout": max(2, round(self.options.timeout_s)),
                "application_name": "countersign",
                **WATCHFUL,
            },
        )
        if self.options.credentials is not None:
            follow(engine, self.options.credentials)
        if self.options.pre_ping:
            ping_the_rested(engine)
        if self.options.watch is not None:
            self.options.watch(engine)
        return engine


class KeptConnection:
    """One connection of each process, not given back after use: for what one thread at a time does."""

    def __init__(self, pool: PostgresPool) -> None:
        self.options = pool.options
        # No ping before each use: what meets a dead connection is sent again anyway.
        self._pool = PostgresPool(replace(pool.options, size=1, max_overflow=0, pre_ping=False))
        self._kept: PerProcess[list[PoolProxiedConnection]] = PerProcess(list)

    @contextmanager
    def driver(self) -> Iterator[DriverConnection]:
        """The driver's own connection; each call of `execute` is one transaction and one round trip."""
        kept = self._kept.get()
        if kept and outlived(kept[0], self.options.credentials):
            kept.pop().invalidate()
        if not kept:
            kept.append(self._pool.engine().raw_connection())
        connection = cast("DriverConnection", kept[0].driver_connection)
        connection.autocommit = True
        try:
            yield connection
        except BaseException:
            kept.pop().invalidate()
            raise

    def existing(self) -> Engine | None:
        """The engine of this process if it was needed."""
        return self._pool.existing()

    def close(self) -> None:
        """Give back what this process has opened."""
        kept = self._kept.get()
        while kept:
            kept.pop().close()
        self._pool.close()


class PostgresConnections:
    """Transactions in which plain table names mean those of one schema."""

    def __init__(self, pool: PostgresPool, schema: str, time_outs: TimeOuts) -> None:
        self.pool = pool
        self.appender = KeptConnection(pool)
        self.time_outs = time_outs
        settings = f'{time_outs.sql()}SET LOCAL search_path = "{schema}"'
        # One snapshot for a whole read, as SQLite has it.
        self._reading = f"SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY; {settings}"
        self._writing = f"SET TRANSACTION ISOLATION LEVEL READ COMMITTED; {settings}"
        self._writing_unsynced = f"{self._writing}; SET LOCAL synchronous_commit = off"

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One snapshot."""
        with self.pool.engine().connect() as connection:
            connection.exec_driver_sql(self._reading)
            yield connection

    @contextmanager
    def writing(self, *, synced: bool = True) -> Iterator[Connection]:
        """One transaction."""
        with self.pool.engine().begin() as connection:
            connection.exec_driver_sql(self._writing if synced else self._writing_unsynced)
            yield connection

    @contextmanager
    def apart(self) -> Iterator[Callable[[str], Sequence[tuple[Any, ...]]]]:
        """Statements outside of any transaction, for which the server's own time-outs hold."""
        with self.pool.driver() as driver, driver.cursor() as cursor:

            def run(statement: str) -> Sequence[tuple[Any, ...]]:
                cursor.execute(statement)
                return cursor.fetchall() if cursor.description else []

            yield run

    def engines(self) -> Mapping[str, Engine]:
        """The engines of this process, as far as they were needed."""
        made = {"pool": self.pool.existing(), "appender": self.appender.existing()}
        return {name: engine for name, engine in made.items() if engine is not None}

    def close(self) -> None:
        """Give back what this process has opened."""
        self.pool.close()
        self.appender.close()
