"""How much is in a table, and how much room it takes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import OperationalError

_SIZE: Final = {
    "sqlite": "SELECT coalesce(sum(pgsize), 0) FROM dbstat WHERE name IN "
    "(SELECT name FROM sqlite_master WHERE tbl_name = :name)",
    "postgresql": "SELECT pg_total_relation_size(to_regclass(quote_ident(:name)))",
}


@dataclass(frozen=True, slots=True)
class TableSize:
    """A table with its indexes; `size_bytes` is None where the database does not tell."""

    table: str
    rows: int
    size_bytes: int | None


def table_sizes(connection: Connection, names: Iterable[str]) -> Sequence[TableSize]:
    """Of those tables that are there."""
    there = set(inspect(connection).get_table_names())
    return [
        TableSize(name, _rows(connection, name), _size_bytes(connection, name))
        for name in names
        if name in there
    ]


def _rows(connection: Connection, name: str) -> int:
    return int(connection.exec_driver_sql(f'SELECT count(*) FROM "{name}"').scalar_one())  # noqa: S608 - ours


def _size_bytes(connection: Connection, name: str) -> int | None:
    try:
        size: int | None = connection.execute(text(_SIZE[connection.dialect.name]), {"name": name}).scalar()
    except OperationalError:  # this SQLite was compiled without its statistics
        return None
    return size
