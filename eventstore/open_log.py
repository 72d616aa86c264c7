"""The log of the databases, whichever they are."""

from __future__ import annotations

from typing import cast

from countersign.eventstore.databases import Databases
from countersign.eventstore.log import Log
from countersign.eventstore.sqlite_log import SqliteLog
from countersign.eventstore.wakeups import Wakeups


def open_log(databases: Databases, wakeups: Wakeups) -> Log:
    """Open nothing yet: each process connects at its first use."""
    if databases.log.dialect == "sqlite":
        return SqliteLog(databases.log, wakeups)
    # Imported here, since the driver is not there in a minimal installation.
    from countersign.eventstore.postgres_connections import PostgresConnections  # noqa: PLC0415
    from countersign.eventstore.postgres_log import PostgresLog  # noqa: PLC0415

    return PostgresLog(cast(PostgresConnections, databases.log.connections), wakeups)
