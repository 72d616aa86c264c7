"""Connections to one SQLite file: many readers, one writer for a process, one for all behind the gate."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

from sqlalchemy import Connection, Engine, QueuePool, create_engine, event

from countersign.eventstore.per_process import PerProcess
from countersign.eventstore.write_gate import WriteGate

_FOREVER_S = 1e6


class SqliteConnections:
    """The pools of one file; each process has its own, made at first use."""

    def __init__(
        self,
        path: Path,
        pool_size: int,
        max_overflow: int,
        timeout_s: float,
        lock_s: float,
        watch: Callable[[Engine], None],
    ) -> None:
        self._path = path
        self._watch = watch
        self._timeout_s = timeout_s
        self._gate = PerProcess(lambda: WriteGate(path, lock_s or _FOREVER_S))
        self._readers = PerProcess(lambda: self._engine("BEGIN", pool_size, max_overflow))
        self._writer = PerProcess(lambda: self._engine("BEGIN IMMEDIATE", 1, 0))

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One snapshot."""
        with self._readers.get().connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def driver(self) -> Iterator[sqlite3.Connection]:
        """The driver's own connection, for reading; each statement is a snapshot of its own."""
        pooled = self._readers.get().raw_connection()
        try:
            yield cast("sqlite3.Connection", pooled.driver_connection)
        finally:
            pooled.close()

    @contextmanager
    def writing(self, *, synced: bool = True) -> Iterator[Connection]:
        """One transaction, with nobody else writing."""
        with self._gate.get().passed(), self._writer.get().connect() as connection:
            _wait_for_the_disk(connection, synced=synced)
            with connection.begin():
                yield connection

    @contextmanager
    def apart(self) -> Iterator[Callable[[str], Sequence[tuple[Any, ...]]]]:
        """Statements outside of any transaction, with nobody else writing."""
        with self._gate.get().passed(), self._writer.get().connect() as connection:
            driver = cast("sqlite3.Connection", connection.connection.driver_connection)
            yield lambda statement: driver.execute(statement).fetchall()

    def engines(self) -> Mapping[str, Engine]:
        """The engines of this process, as far as they were needed."""
        made = {"readers": self._readers.existing(), "writer": self._writer.existing()}
        return {name: engine for name, engine in made.items() if engine is not None}

    def close(self) -> None:
        """Give back what this process has opened."""
        for engine in (self._readers.existing(), self._writer.existing()):
            if engine:
                engine.dispose()
        gate = self._gate.existing()
        if gate:
            gate.close()

    def _engine(self, begin: str, pool_size: int, max_overflow: int) -> Engine:
        engine = create_engine(
            f"sqlite:///{self._path}",
            poolclass=QueuePool,
            pool_size=pool_size,
            max_overflow=max_overflow,
            pool_timeout=self._timeout_s,
            hide_parameters=True,  # names and addresses are among them, and errors go to the log
            # Without the driver's own transactions, which begin late and would not be IMMEDIATE.
            connect_args={"isolation_level": None, "check_same_thread": False, "timeout": self._timeout_s},
        )
        writes = begin != "BEGIN"
        event.listen(engine, "connect", _set_up_writer if writes else _set_up_reader)
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(begin))
        self._watch(engine)
        return engine


def _wait_for_the_disk(connection: Connection, *, synced: bool) -> None:
    # Past SQLAlchemy, which would begin: within a transaction it cannot be changed.
    driver = cast("sqlite3.Connection", connection.connection.driver_connection)
    driver.execute(f"PRAGMA synchronous = {'FULL' if synced else 'NORMAL'}")


def _set_up_reader(dbapi_connection: Any, _record: object) -> None:
    dbapi_connection.execute("PRAGMA query_only = ON")


def _set_up_writer(dbapi_connection: Any, _record: object) -> None:
    for pragma in (
        "journal_mode = WAL",
        "fullfsync = ON",  # what makes it durable on macOS; nothing elsewhere
        "foreign_keys = ON",
    ):
        dbapi_connection.execute(f"PRAGMA {pragma}")
