"""Why something could not be written: the database is away, it is not as it should be, or the event."""

from __future__ import annotations

import sqlite3
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import exc

from countersign.eventstore.outage import DatabaseUnavailable
from countersign.projections.following.outage import tells_of_outage


class Trouble(StrEnum):
    """What is to be done differs: wait, let an operator mend it, or put the event aside."""

    OUTAGE = "outage"
    STRUCTURE = "structure"
    EVENT = "event"


# Classes of SQLSTATE (PostgreSQL, appendix A); what is in none of them has to do with the database's state.
_OF_THE_VALUES: Final = frozenset({"21", "22", "23", "44", "54", "P0"})
_OF_THE_STRUCTURE: Final = frozenset({"0A", "25", "28", "2F", "3D", "3F", "42", "XX"})
_READ_ONLY: Final = "25006"  # a standby after a fail-over: it passes
_WRONG_TABLES: Final = frozenset(
    {
        sqlite3.SQLITE_ERROR,  # no such table, no such column
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_AUTH,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_NOTADB,
        sqlite3.SQLITE_SCHEMA,
    }
)


def trouble_of(error: Exception) -> Trouble:
    """What an error that rose while events were taken tells of."""
    cause: Any = error.orig if isinstance(error, exc.DBAPIError) else error
    if state := getattr(cause, "pgcode", None):
        return _of_postgres(str(state))
    if tells_of_outage(error) or isinstance(error, MemoryError) or _is_of_the_machine(error):
        return Trouble.OUTAGE
    # An extended code of SQLite has its kind in the low byte.
    wrong = (getattr(cause, "sqlite_errorcode", None) or 0) & 0xFF in _WRONG_TABLES
    return Trouble.STRUCTURE if wrong or isinstance(cause, exc.NoSuchTableError) else Trouble.EVENT


def pause(error: Exception) -> Exception:
    """An outage as those know it who wait for it to pass."""
    return DatabaseUnavailable(f"{type(error).__name__}: {error}") if isinstance(error, OSError) else error


def _is_of_the_machine(error: Exception) -> bool:
    return isinstance(error, OSError) and not isinstance(error, FileNotFoundError)


def _of_postgres(state: str) -> Trouble:
    if state[:2] in _OF_THE_VALUES:
        return Trouble.EVENT
    if state[:2] in _OF_THE_STRUCTURE and state != _READ_ONLY:
        return Trouble.STRUCTURE
    return Trouble.OUTAGE
