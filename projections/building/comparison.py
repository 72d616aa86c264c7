"""Compares the tables of two builds row by row, in the database, and says what differs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Column, Connection, Select, Table, func, select, tuple_, union

SAMPLE: Final = 100
"""Of so many keys in which a table differs, the report says how."""

_KEYS_A_QUERY: Final = 50
_SHORT: Final = 40


def difference(connection: Connection, pairs: Mapping[Table, Table], position: int) -> dict[str, Any]:
    """The report of a comparison: `pairs` are the tables that are shown, each with the one beside it.

    `tables` has for each table that differs the number of keys, and of a sample of them the key with the
    columns that differ: `before` and `after`, of which one is None where the row is missing.
    """
    tables = {one.name: _table(connection, one, other) for one, other in pairs.items()}
    return {
        "position": position,
        "rows": sum(_count(connection, other) for other in pairs.values()),
        "different": sum(table["different"] for table in tables.values()),
        "tables": {f"{name}": table for name, table in tables.items() if table["different"]},
    }


def _count(connection: Connection, table: Table) -> int:
    return int(connection.scalar(select(func.count()).select_from(table)) or 0)


def _table(connection: Connection, one: Table, other: Table) -> dict[str, Any]:
    keys = union(_only_in(one, other), _only_in(other, one)).subquery()
    different = int(connection.scalar(select(func.count()).select_from(keys)) or 0)
    found = connection.execute(select(keys).order_by(*keys.c).limit(SAMPLE)).all() if different else []
    sampled = [tuple(key) for key in found]
    before, after = _rows(connection, one, sampled), _rows(connection, other, sampled)
    sample = [_differing(one, key, before.get(key), after.get(key)) for key in sampled]
    return {"different": different, "sample": sample}


def _only_in(one: Table, other: Table) -> Select[tuple[object, ...]]:
    rows = select(one).except_(select(other)).subquery()
    return select(*(rows.c[column.name] for column in one.primary_key))


def _rows(connection: Connection, table: Table, keys: list[tuple[Any, ...]]) -> dict[tuple[Any, ...], Any]:
    columns = tuple(table.primary_key)
    found: dict[tuple[Any, ...], Any] = {}
    for start in range(0, len(keys), _KEYS_A_QUERY):
        among = tuple_(*columns).in_(keys[start : start + _KEYS_A_QUERY])
        for row in connection.execute(select(table).where(among)).mappings():
            found[tuple(row[column.name] for column in columns)] = dict(row)
    return found


def _differing(
    table: Table, key: tuple[Any, ...], before: Mapping[str, Any] | None, after: Mapping[str, Any] | None
) -> dict[str, Any]:
    columns = list(table.columns)
    if before is not None and after is not None:
        columns = [column for column in columns if before[column.name] != after[column.name]]
    return {
        "key": [f"{part}" for part in key],
        "before": None if before is None else {column.name: _shown(column, before) for column in columns},
        "after": None if after is None else {column.name: _shown(column, after) for column in columns},
    }


def _shown(column: Column[Any], row: Mapping[str, Any]) -> Any:
    # A report outlives an erasure: of a text that may name a person only the length is told.
    value = row[column.name]
    if value is None or isinstance(value, bool | int | float):
        return value
    text = value if isinstance(value, str) else repr(value)
    free = isinstance(value, str | list | dict) and (getattr(column.type, "length", None) or 99) > _SHORT
    return f"({len(text)} characters)" if free else f"{value}"
