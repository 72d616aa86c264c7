"""Writes many complete rows of one table in as few statements as the database allows."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Connection, Insert, Table, insert, tuple_
from sqlalchemy import delete as delete_from
from sqlalchemy.dialects import postgresql, sqlite

from countersign.projections.copy_in import copy_in, merge_in
from countersign.projections.row import Key, Row

COPY_FROM: Final = 100
"""From so many rows on, COPY is faster on PostgreSQL than a statement with parameters."""

_KEYS_A_STATEMENT: Final = 500


class BulkWrite:
    """Deletes, upserts and inserts of one table."""

    def __init__(self, connection: Connection, table: Table) -> None:
        self._connection = connection
        self._table = table
        self._postgres = connection.dialect.name == "postgresql"

    def delete(self, keys: Sequence[Key]) -> None:
        """Remove the rows of these primary keys."""
        columns = tuple_(*self._table.primary_key)
        for start in range(0, len(keys), _KEYS_A_STATEMENT):
            chunk = list(keys[start : start + _KEYS_A_STATEMENT])
            self._connection.execute(delete_from(self._table).where(columns.in_(chunk)))

    def insert(self, rows: Sequence[Row]) -> None:
        """Add rows that are not there."""
        if self._postgres and len(rows) >= COPY_FROM:
            copy_in(self._connection, self._table, rows)
        elif rows:
            self._connection.execute(_insert(self._table), _plain(rows))

    def upsert(self, rows: Sequence[Row]) -> None:
        """Add rows, or put them in the place of those that are there."""
        if self._postgres and len(rows) >= COPY_FROM:
            merge_in(self._connection, self._table, rows)
        elif rows:
            self._connection.execute(_upsert(self._table, self._connection.dialect.name), _plain(rows))


# Built once for a table: building a statement takes longer than the database does.


@lru_cache(maxsize=256)
def _insert(table: Table) -> Insert:
    return insert(table)


@lru_cache(maxsize=256)
def _upsert(table: Table, dialect: str) -> Any:
    flavour = postgresql if dialect == "postgresql" else sqlite
    statement = flavour.insert(table)
    key = list(table.primary_key)
    changed = {c.name: statement.excluded[c.name] for c in table.columns if not c.primary_key}
    if not changed:
        return statement.on_conflict_do_nothing(index_elements=key)
    return statement.on_conflict_do_update(index_elements=key, set_=changed)


def _plain(rows: Sequence[Row]) -> list[dict[str, Any]]:
    return [dict(row) for row in rows]
