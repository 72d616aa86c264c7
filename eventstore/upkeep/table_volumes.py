"""How much lies in each table of a database, and how long ago somebody tidied it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import OperationalError

from countersign.eventstore.databases import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class TableVolume:
    """A table without and with its indexes, in bytes.

    Rows are estimated on PostgreSQL. What a database does not tell is None: on SQLite there are no dead rows
    and no times, and sizes only where its statistics were compiled in.
    """

    database: str
    table: str
    rows: int
    table_bytes: int | None
    index_bytes: int | None
    dead_rows: int | None = None
    analysed_at: datetime | None = None
    vacuumed_at: datetime | None = None

    @property
    def total_bytes(self) -> int:
        """With its indexes; 0 where the database does not tell."""
        return (self.table_bytes or 0) + (self.index_bytes or 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseVolume:
    """A database as a whole; `free_bytes` lie unused in its file, which only SQLite tells."""

    database: str
    size_bytes: int
    free_bytes: int | None


_ON_POSTGRES: Final = text(
    """
    SELECT s.relname AS "table", s.n_live_tup AS rows, pg_table_size(s.relid) AS table_bytes,
           pg_indexes_size(s.relid) AS index_bytes, s.n_dead_tup AS dead_rows,
           greatest(s.last_analyze, s.last_autoanalyze) AS analysed_at,
           greatest(s.last_vacuum, s.last_autovacuum) AS vacuumed_at
    FROM pg_stat_user_tables s WHERE s.schemaname = :schema
    """
)
_IN_SCHEMA: Final = text(
    "SELECT coalesce(sum(pg_total_relation_size(relid)), 0) FROM pg_stat_user_tables "
    "WHERE schemaname = :schema"
)
_ON_SQLITE: Final = text(
    """
    SELECT m.tbl_name AS "table", sum(d.pgsize) FILTER (WHERE m.type = 'table') AS table_bytes,
           coalesce(sum(d.pgsize) FILTER (WHERE m.type = 'index'), 0) AS index_bytes
    FROM dbstat d JOIN sqlite_master m ON m.name = d.name WHERE d.aggregate = TRUE GROUP BY m.tbl_name
    """
)


def table_volumes(database: Database) -> Sequence[TableVolume]:
    """Every table of a database, the largest first."""
    with database.read() as connection:
        found = _postgres(connection, database) if database.dialect == "postgresql" else _sqlite(connection)
    volumes = [TableVolume(database=database.name, **each) for each in found]
    return sorted(volumes, key=lambda each: (each.total_bytes, each.rows), reverse=True)


def database_volume(database: Database) -> DatabaseVolume:
    """One number for all of it: what its file takes, or all tables of its schema."""
    with database.read() as connection:
        if database.dialect == "postgresql":
            size = connection.scalar(_IN_SCHEMA, {"schema": database.name})
            return DatabaseVolume(database=database.name, size_bytes=int(size or 0), free_bytes=None)
        pages, free, page_bytes = (
            int(connection.exec_driver_sql(f"PRAGMA {name}").scalar_one())
            for name in ("page_count", "freelist_count", "page_size")
        )
    return DatabaseVolume(database=database.name, size_bytes=pages * page_bytes, free_bytes=free * page_bytes)


def _postgres(connection: Connection, database: Database) -> list[dict[str, Any]]:
    return [dict(row) for row in connection.execute(_ON_POSTGRES, {"schema": database.name}).mappings()]


def _sqlite(connection: Connection) -> list[dict[str, Any]]:
    sizes = _sqlite_sizes(connection)
    none: dict[str, Any] = {"table_bytes": None, "index_bytes": None}
    return [
        {"table": name, "rows": _rows(connection, name), **sizes.get(name, none)}
        for name in inspect(connection).get_table_names()
    ]


def _sqlite_sizes(connection: Connection) -> dict[str, dict[str, Any]]:
    try:
        found = connection.execute(_ON_SQLITE).mappings().all()
    except OperationalError:  # this SQLite was compiled without its statistics
        return {}
    return {row["table"]: {name: row[name] for name in ("table_bytes", "index_bytes")} for row in found}


def _rows(connection: Connection, name: str) -> int:
    return int(connection.exec_driver_sql(f'SELECT count(*) FROM "{name}"').scalar_one())  # noqa: S608 - ours
