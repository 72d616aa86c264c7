"""A database that lives in the memory of this process for as long as somebody holds it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any

from sqlalchemy import Connection, StaticPool, create_engine, event

from countersign.eventstore.databases import Database

_PAGE_BYTES = 4096


class InMemory:
    """The one connection of an SQLite database without a file; threads take turns."""

    def __init__(self, max_bytes: int) -> None:
        self._turn = Lock()
        self._max_pages = max(1, max_bytes // _PAGE_BYTES)
        self._engine = create_engine(
            "sqlite://",
            poolclass=StaticPool,
            hide_parameters=True,
            connect_args={"isolation_level": None, "check_same_thread": False},
        )
        event.listen(self._engine, "connect", self._set_up)
        event.listen(self._engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One transaction, with nobody else in the database."""
        with self._turn, self._engine.begin() as connection:
            yield connection

    @contextmanager
    def writing(self, *, synced: bool = True) -> Iterator[Connection]:
        """The same; there is no disk to wait for."""
        with self.reading() as connection:
            yield connection

    def close(self) -> None:
        """Let the memory go."""
        with self._turn:
            self._engine.dispose()

    def _set_up(self, dbapi_connection: Any, _record: object) -> None:
        for pragma in (f"page_size = {_PAGE_BYTES}", f"max_page_count = {self._max_pages}"):
            dbapi_connection.execute(f"PRAGMA {pragma}")


def in_memory(name: str, max_bytes: int) -> Database:
    """An empty database that refuses to grow beyond so many bytes."""
    return Database(name, "sqlite", InMemory(max_bytes))
