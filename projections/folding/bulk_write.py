"""Writes many complete rows of one table in as few statements as the database allows."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Connection, Insert, Table, insert, tuple_
from sqlalchemy import delete as delete_from
from sqlalchemy.dialects import postgresql, sqlite

from countersign.projections.folding.changes import Changes
from countersign.projections.folding.copy_in import copy_in, merge_in
from countersign.projections.folding.row import Key, Row

COPY_FROM: Final = 100
"""From so many rows on, COPY is faster on PostgreSQL than a statement with parameters."""

_KEYS_A_STATEMENT: Final = 500


def write(connection: Connection, changes: Changes) -> None:
    """Tell the database.

    Raises:
        sqlalchemy.exc.IntegrityError: it has one of the new rows already.
    """
    _delete(connection, changes.table, changes.gone)
    _upsert(connection, changes.table, changes.changed)
    _insert(connection, changes.table, changes.new)


def _delete(connection: Connection, table: Table, keys: Sequence[Key]) -> None:
    columns = tuple_(*table.primary_key)
    for start in range(0, len(keys), _KEYS_A_STATEMENT):
        chunk = list(keys[start : start + _KEYS_A_STATEMENT])
        connection.execute(delete_from(table).where(columns.in_(chunk)))


def _insert(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    if _by_copy(connection, rows):
        copy_in(connection, table, rows)
    elif rows:
        connection.execute(_insertion(table), _plain(rows))


def _upsert(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    if _by_copy(connection, rows):
        merge_in(connection, table, rows)
    elif rows:
        connection.execute(_upsertion(table, connection.dialect.name), _plain(rows))


def _by_copy(connection: Connection, rows: Sequence[Row]) -> bool:
    return connection.dialect.name == "postgresql" and len(rows) >= COPY_FROM


# Built once for a table: building a statement takes longer than the database does.


@lru_cache(maxsize=512)
def _insertion(table: Table) -> Insert:
    return insert(table)


@lru_cache(maxsize=512)
def _upsertion(table: Table, dialect: str) -> Any:
    flavour = postgresql if dialect == "postgresql" else sqlite
    statement = flavour.insert(table)
    key = list(table.primary_key)
    changed = {c.name: statement.excluded[c.name] for c in table.columns if not c.primary_key}
    if not changed:
        return statement.on_conflict_do_nothing(index_elements=key)
    return statement.on_conflict_do_update(index_elements=key, set_=changed)


def _plain(rows: Sequence[Row]) -> list[dict[str, Any]]:
    return [dict(row) for row in rows]
