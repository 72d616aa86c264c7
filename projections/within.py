"""A database as it is seen from within a transaction that is open already."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

from countersign.eventstore.databases import Database


def within(database: Database, connection: Connection) -> Database:
    """The same database; what is read and written there belongs to the open transaction."""
    return Database(database.name, database.dialect, _Joined(connection))


class _Joined:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        yield self._connection

    @contextmanager
    def writing(self, *, synced: bool = True) -> Iterator[Connection]:
        yield self._connection

    def close(self) -> None:
        """It is not this one's to close."""
