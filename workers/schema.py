"""The tables of this room."""

from __future__ import annotations

from countersign.eventstore.databases import Database
from countersign.workers import effects_table, reaction_checkpoints


def create_tables(database: Database) -> None:
    """Make what is not there yet, in the database that is read from."""
    database.create(effects_table.metadata, reaction_checkpoints.metadata)
