"""Whether the database has what makes a search quick."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection

from countersign.cli.doctor.finding import Finding, ok, warning
from countersign.cli.tables import missing_tables
from countersign.eventstore.databases import Databases
from countersign.projections.search.report_search_index import (
    has_full_text,
    has_trigram_index,
    offer_of,
    trigram_schema,
)

_REBUILD = "`countersign projections rebuild report_search`"


def search(databases: Databases) -> Iterator[Finding]:
    """Without it the same is found, by reading the texts of all reports."""
    if missing_tables(databases):
        return  # the check of the tables has said so
    with databases.read.read() as connection:
        yield _sqlite(connection) if databases.folder is not None else _postgres(connection)


def _sqlite(connection: Connection) -> Finding:
    if not has_full_text(connection):
        remedy = "Use a Python whose SQLite has FTS5, or PostgreSQL (database.url)."
        return warning("search", "slow: this SQLite was made without FTS5", remedy)
    if offer_of(connection).full_text is None:
        return warning("search", "slow: its index of words is missing", f"Run {_REBUILD}.")
    return ok("search", "FTS5 finds words and parts of words")


def _postgres(connection: Connection) -> Finding:
    if trigram_schema(connection) is None:
        remedy = f"As the owner of the database: CREATE EXTENSION pg_trgm. Then run {_REBUILD}."
        return warning("search", "slow within words: the extension pg_trgm is not installed", remedy)
    if not has_trigram_index(connection):
        return warning("search", "slow within words: its index is missing", f"Run {_REBUILD}.")
    return ok("search", "indexes of words (tsvector) and of parts of words (pg_trgm)")
