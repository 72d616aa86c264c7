"""A writer that has the lock of the log and does not let go."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import text

from countersign.eventstore.databases import Databases


@contextmanager
def held_up(databases: Databases) -> Iterator[None]:
    """Nobody can append meanwhile."""
    with databases.log.write() as connection:
        if databases.log.dialect == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(5180277311)"))
        yield
