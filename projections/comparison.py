"""Compares tables row by row, in the database."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, Select, Table, func, select, union


def different_rows(connection: Connection, pairs: Mapping[Table, Table]) -> int:
    """How many keys have another row, or none, in the other table."""
    return sum(_different(connection, one, other) for one, other in pairs.items())


def _different(connection: Connection, one: Table, other: Table) -> int:
    keys = union(_only_in(one, other), _only_in(other, one)).subquery()
    return connection.execute(select(func.count()).select_from(keys)).scalar_one()


def _only_in(one: Table, other: Table) -> Select[tuple[object, ...]]:
    rows = select(one).except_(select(other)).subquery()
    return select(*(rows.c[column.name] for column in one.primary_key))
