"""Tidying a database: fresh statistics, and the room that deleted rows have left."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from sqlalchemy import text

from countersign.eventstore.databases import StoredDatabase
from countersign.eventstore.upkeep.table_volumes import database_volume

WORTHWHILE: Final = 0.2
"""The part of an SQLite file that must lie unused before it is written anew."""

LARGEST_REWRITTEN: Final = 4 << 30
"""Nobody writes meanwhile, so what would take minutes is left to a person."""

_TABLES: Final = text(
    "SELECT relname FROM pg_stat_user_tables WHERE schemaname = :schema "
    "ORDER BY n_dead_tup DESC, n_mod_since_analyze DESC, relname"
)

_WORDS: Final = text(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE 'CREATE VIRTUAL TABLE%USING fts5%'"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Optimised:
    """What was done: tables tidied, bytes given back to the disk."""

    database: str
    tables: int
    freed_bytes: int


def optimise(database: StoredDatabase, told: Callable[[str], None]) -> Optimised:
    """Tidy all of a database; `told` hears of each step before it, and may end it by raising.

    Raises:
        DatabaseUnavailable: it is not to be had; what was tidied stays so.
    """
    before = database_volume(database).size_bytes
    tables = 0
    for step, statements in _steps(database):
        told(step)
        with database.apart() as run:  # anew for each, so that others come in between
            for statement in statements:
                run(statement)
        tables += 1
    freed = max(0, before - database_volume(database).size_bytes)
    return Optimised(database=database.name, tables=tables, freed_bytes=freed)


def _steps(database: StoredDatabase) -> Iterator[tuple[str, tuple[str, ...]]]:
    if database.dialect == "postgresql":
        yield from _on_postgres(database)
        return
    yield from _indexes_of_words(database)
    yield f"statistics of {database.name}", ("PRAGMA analysis_limit = 1000", "PRAGMA optimize = 0x10002")
    volume = database_volume(database)
    unused = volume.free_bytes or 0
    if unused > WORTHWHILE * volume.size_bytes and volume.size_bytes <= LARGEST_REWRITTEN:
        yield f"unused room of {database.name}", ("VACUUM",)
    yield f"write-ahead log of {database.name}", ("PRAGMA wal_checkpoint(TRUNCATE)",)


def _indexes_of_words(database: StoredDatabase) -> Iterator[tuple[str, tuple[str, ...]]]:
    # Until its parts are merged, an index of words (FTS5) keeps those of rows that are gone.
    with database.read() as connection:
        names = list(connection.execute(_WORDS).scalars())
    for name in names:
        statement = f"""INSERT INTO "{name}"("{name}") VALUES ('optimize')"""  # noqa: S608 - our own table
        yield f"index of words {name}", (statement,)


def _on_postgres(database: StoredDatabase) -> Iterator[tuple[str, tuple[str, ...]]]:
    with database.read() as connection:
        names = list(connection.execute(_TABLES, {"schema": database.name}).scalars())
    for name in names:
        # What somebody else has locked, autovacuum among them, is left to the next time.
        statement = f'VACUUM (ANALYZE, SKIP_LOCKED) "{database.name}"."{name}"'
        yield f"{database.name}.{name}", (statement,)
