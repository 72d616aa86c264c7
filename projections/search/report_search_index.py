"""What makes words quick to find: indexes of the dialect's own kind beside the table of texts.

One finds beginnings of words, one what stands within them: on PostgreSQL GIN indexes over tsvectors and over
trigrams, on SQLite two FTS5 tables, kept by triggers. A third has the words of numbers and titles alone.
Where a database lacks `pg_trgm` or FTS5 the same is found by reading every text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, Table
from sqlalchemy.exc import ProgrammingError

from countersign.projections.building import builds

PROJECTION: Final = "report_search"
_WORDS: Final = "words"
_INSTALLED: Final = """
    SELECT nspname FROM pg_extension JOIN pg_namespace ON pg_namespace.oid = extnamespace
    WHERE extname = 'pg_trgm'"""
_AVAILABLE: Final = "SELECT true FROM pg_available_extensions WHERE name = 'pg_trgm'"
_IS_TABLE: Final = "SELECT name FROM sqlite_master WHERE type = 'table'"
_INDEXES: Final = "SELECT indexname FROM pg_indexes WHERE schemaname = current_schema()"
BEGIN: Final = "_begin"
WITHIN: Final = "_within"
_HEADINGS: Final = "_headings"
_OF_HEADINGS: Final = "place >= 2"

_TOKENIZERS: Final = {
    BEGIN: "tokenize=\"ascii tokenchars '-'\", detail=none",
    WITHIN: "tokenize='trigram case_sensitive 1'",
}
_ROWS: Final = "content_rowid=text_id, columnsize=0"
_SHORT_LIST: Final = "WITH (gin_pending_list_limit = 256)"  # kB; each search reads what waits there


def dress(connection: Connection, placed: Mapping[Table, Table]) -> None:
    """Index the words of the table that has them, as well as the database can."""
    for table in placed.values():
        if _WORDS not in table.columns:
            continue
        if connection.dialect.name == "postgresql":
            _dress_postgres(connection, table.name)
        else:
            _dress_sqlite(connection, table.name)


def trigram_schema(connection: Connection) -> str | None:
    """The schema in which PostgreSQL has the extension `pg_trgm`; None where it is not installed."""
    found: str | None = connection.exec_driver_sql(_INSTALLED).scalar_one_or_none()
    return found


def has_trigram_index(connection: Connection) -> bool:
    """Whether the texts that readers of a PostgreSQL database see have an index of parts of words."""
    live = builds.live(connection, PROJECTION)
    wanted = {f"{name}{WITHIN}" for name in live.tables} if live else set()
    return bool(wanted.intersection(connection.exec_driver_sql(_INDEXES).scalars()))


def has_full_text(connection: Connection) -> bool:
    """Whether FTS5 is compiled into SQLite."""
    return "ENABLE_FTS5" in connection.exec_driver_sql("PRAGMA compile_options").scalars().all()


@dataclass(frozen=True, slots=True)
class Offer:
    """What can be asked of the texts that readers see: vectors, or the FTS5 tables of `full_text`."""

    vectors: bool
    full_text: str | None


def offer_of(connection: Connection) -> Offer:
    """What a database offers."""
    if connection.dialect.name == "postgresql":
        return Offer(vectors=True, full_text=None)
    live, there = builds.live(connection, PROJECTION), _tables(connection)
    tables = live.tables if live else ()
    indexed = (name for name in tables if {f"{name}{BEGIN}", f"{name}{WITHIN}"} <= there)
    return Offer(vectors=False, full_text=next(indexed, None))


def prefer_indexes(connection: Connection) -> None:
    """For this transaction: PostgreSQL takes making a vector to be as cheap as comparing numbers."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")


def _dress_postgres(connection: Connection, table: str) -> None:
    connection.exec_driver_sql(
        f'CREATE INDEX IF NOT EXISTS "{table}{BEGIN}" ON "{table}" '
        f"USING gin (array_to_tsvector(string_to_array(btrim({_WORDS}), ' '))) {_SHORT_LIST}"
    )
    if schema := trigram_schema(connection) or _installed_now(connection):
        connection.exec_driver_sql(
            f'CREATE INDEX IF NOT EXISTS "{table}{WITHIN}" ON "{table}" '
            f'USING gin ({_WORDS} "{schema}".gin_trgm_ops) {_SHORT_LIST}'
        )
        connection.exec_driver_sql(
            f'CREATE INDEX IF NOT EXISTS "{table}{_HEADINGS}" ON "{table}" '
            f'USING gin ({_WORDS} "{schema}".gin_trgm_ops) {_SHORT_LIST} WHERE {_OF_HEADINGS}'
        )
    connection.exec_driver_sql(f'ANALYZE "{table}"')


def _installed_now(connection: Connection) -> str | None:
    if not connection.exec_driver_sql(_AVAILABLE).scalar_one_or_none():
        return None
    try:
        with connection.begin_nested():
            connection.exec_driver_sql("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    except ProgrammingError:
        return None  # not allowed: the doctor says whom to ask
    return trigram_schema(connection)


def _dress_sqlite(connection: Connection, table: str) -> None:
    connection.exec_driver_sql(
        f'CREATE INDEX IF NOT EXISTS "{table}{_HEADINGS}" ON "{table}" (report_id, place, {_WORDS}) '
        f"WHERE {_OF_HEADINGS}"
    )
    if has_full_text(connection):
        _make_full_text(connection, table)


def _make_full_text(connection: Connection, table: str) -> None:
    for orphan in _orphans(connection):
        connection.exec_driver_sql(f'DROP TABLE "{orphan}"')
    for suffix, how in _TOKENIZERS.items():
        fts = f"{table}{suffix}"
        come = f'INSERT INTO "{fts}"(rowid, {_WORDS}) VALUES (new.text_id, new.{_WORDS});'  # noqa: S608
        go = f'INSERT INTO "{fts}"("{fts}", rowid, {_WORDS}) VALUES (\'delete\', old.text_id, old.{_WORDS});'  # noqa: S608
        for statement in (
            f'DROP TABLE IF EXISTS "{fts}"',
            f'CREATE VIRTUAL TABLE "{fts}" USING fts5({_WORDS}, content="{table}", {_ROWS}, {how})',
            f'INSERT INTO "{fts}"("{fts}") VALUES (\'rebuild\')',  # noqa: S608
            *_trigger(f"{fts}_come", f'INSERT ON "{table}"', come),
            *_trigger(f"{fts}_go", f'DELETE ON "{table}"', go),
            *_trigger(f"{fts}_change", f'UPDATE ON "{table}"', f"{go} {come}"),
        ):
            connection.exec_driver_sql(statement)


def _trigger(name: str, after: str, does: str) -> tuple[str, str]:
    return f'DROP TRIGGER IF EXISTS "{name}"', f'CREATE TRIGGER "{name}" AFTER {after} BEGIN {does} END'


def _orphans(connection: Connection) -> set[str]:
    # A table takes its triggers with it when it is dropped, but not the indexes that it was the content of.
    there = _tables(connection)
    ours = {name for name in there if name.startswith(f"{PROJECTION}_v")}
    return {name for name in ours if any(_is_left(name, suffix, there) for suffix in _TOKENIZERS)}


def _is_left(name: str, suffix: str, there: set[str]) -> bool:
    return name.endswith(suffix) and name.removesuffix(suffix) not in there


def _tables(connection: Connection) -> set[str]:
    return set(connection.exec_driver_sql(_IS_TABLE).scalars())
