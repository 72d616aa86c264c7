"""Telling a database that cannot be had now from a statement that is wrong."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

_SQLITE_OUTAGES = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_INTERRUPT,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PROTOCOL,
    }
)


_NOT_THERE = ("no such table", "no such column")
_NOT_THERE_IN_POSTGRES = frozenset({"42P01", "42703"})  # undefined table, undefined column


class DatabaseUnavailable(Exception):
    """The database, its lock or the connection to it is not to be had; trying again later may help."""

    def __init__(self, why: str, retry_after_s: float = 1.0) -> None:
        super().__init__(why)
        self.retry_after_s = retry_after_s


@contextmanager
def outages(kind: type[DatabaseUnavailable] = DatabaseUnavailable) -> Iterator[None]:
    """Raise `kind` for what tells of an outage; a statement that is wrong rises as it is."""
    try:
        yield
    except Exception as error:
        if isinstance(error, kind) or not is_outage(error):
            raise
        raise kind(str(getattr(error, "orig", error)).strip()) from error


def is_outage(error: BaseException | None) -> bool:
    """Whether an error of SQLAlchemy or a driver tells of the database's state, not of the statement."""
    if isinstance(error, DBAPIError):
        return error.connection_invalidated or is_outage(error.orig)
    if isinstance(error, sqlite3.OperationalError):
        # An extended code has its kind in the low byte.
        return getattr(error, "sqlite_errorcode", 0) & 0xFF in _SQLITE_OUTAGES
    return isinstance(error, DatabaseUnavailable | PoolTimeout) or _is_postgres_outage(error)


def _is_postgres_outage(error: BaseException | None) -> bool:
    # By name, since the driver is optional: these two cover connections, time-outs and resources.
    names = [f"{kind.__module__}.{kind.__name__}" for kind in type(error).__mro__]
    if names[0] == "psycopg2.DatabaseError":  # of a connection that breaks under COPY no more is known
        return getattr(error, "pgcode", None) is None
    return not {"psycopg2.OperationalError", "psycopg2.InterfaceError"}.isdisjoint(names)


def is_of_another_version(error: BaseException) -> bool:
    """Whether a statement wants a table or a column that is not there, as after half an upgrade."""
    cause = getattr(error, "orig", None) or error
    if isinstance(cause, sqlite3.OperationalError):
        return str(cause).startswith(_NOT_THERE)
    return getattr(cause, "pgcode", None) in _NOT_THERE_IN_POSTGRES
