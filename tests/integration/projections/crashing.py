"""A database to which something happens at one of its commits, such as the end of the process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

from countersign.eventstore.databases import Connections, Database


class Crashed(BaseException):
    """The process is gone; nothing can be done in it any more."""


def crash() -> None:
    raise Crashed


class Crashing:
    """Real connections; after the commit number `at`, and at each use from then on, `end` is called.

    Before a commit is no other moment than after the one before: nothing has been written in between.
    """

    def __init__(self, connections: Connections, at: int, end: Callable[[], None]) -> None:
        self._connections = connections
        self._left = at
        self._end = end

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        self._look_out()
        with self._connections.reading() as connection:
            yield connection

    @contextmanager
    def writing(self, *, synced: bool = True) -> Iterator[Connection]:
        self._look_out()
        with self._connections.writing(synced=synced) as connection:
            yield connection
        self._left -= 1
        self._look_out()

    def _look_out(self) -> None:
        if self._left <= 0:
            self._end()

    def close(self) -> None:
        self._connections.close()


def crashing(read: Database, at: int, end: Callable[[], None] = crash) -> Database:
    """The database as the process sees it that will end."""
    return Database(read.name, read.dialect, Crashing(read.connections, at, end))
