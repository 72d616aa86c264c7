"""Tells a database that cannot answer now from an event that cannot be taken."""

from __future__ import annotations

from typing import Final

from sqlalchemy import exc

from countersign.eventstore.log import LogUnavailable
from countersign.eventstore.outage import DatabaseUnavailable, is_outage

OUTAGES: Final = (DatabaseUnavailable, LogUnavailable)
"""Pauses of a database: they pass, and nothing is wrong with what was being written."""


def tells_of_outage(error: Exception) -> bool:
    """Whether an error that rose within a transaction is the database's own trouble."""
    if isinstance(error, exc.DBAPIError):
        return error.connection_invalidated or is_outage(error.orig)
    return isinstance(error, (*OUTAGES, exc.TimeoutError))
