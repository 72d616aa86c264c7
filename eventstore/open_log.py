"""The log of the databases, whichever they are."""

from __future__ import annotations

from countersign.eventstore.databases import Databases
from countersign.eventstore.log import Log
from countersign.eventstore.sqlite_log import SqliteLog
from countersign.eventstore.wakeups import Wakeups


def open_log(databases: Databases, wakeups: Wakeups) -> Log:
    """Open nothing yet: each process connects at its first use."""
    return SqliteLog(databases.log, wakeups)
