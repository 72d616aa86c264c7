"""What the database holds of one table, read by key."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Connection, RowMapping, Select, Table, bindparam, select, tuple_

from countersign.projections.folding.row import Key, Row

_KEYS_A_QUERY: Final = 500

Ask = Callable[[Select[Any], Mapping[str, Any]], Iterable[RowMapping]]
"""Executes a query."""


def asking(connection: Connection) -> Ask:
    """Executes queries in the transaction of a connection."""
    return lambda query, parameters: connection.execute(query, parameters).mappings()


class StoredRows:
    """Each answer is rows with their keys."""

    def __init__(self, table: Table, ask: Ask) -> None:
        self._table = table
        self._ask = ask
        self._key_names = key_names(table)

    def groups(self, firsts: Sequence[Any]) -> Iterator[tuple[Key, Row]]:
        """The rows whose first column of the key has one of these values."""
        return self._keyed(self._ask(_groups_query(self._table), {"firsts": firsts}))

    def among(self, keys: Sequence[Key]) -> Iterator[tuple[Key, Row]]:
        """The rows of these keys, as far as they exist."""
        for start in range(0, len(keys), _KEYS_A_QUERY):
            chunk = keys[start : start + _KEYS_A_QUERY]
            wanted = chunk if len(self._key_names) > 1 else [key[0] for key in chunk]
            yield from self._keyed(self._ask(_keys_query(self._table), {"keys": wanted}))

    def matching(self, equal: Mapping[str, Any]) -> Iterator[tuple[Key, Row]]:
        """The rows in which these columns have these values."""
        conditions = (self._table.c[name] == equal[name] for name in equal)
        return self._keyed(self._ask(select(self._table).where(*conditions), {}))

    def _keyed(self, found: Iterable[RowMapping]) -> Iterator[tuple[Key, Row]]:
        for stored in found:
            row = dict(stored)
            yield tuple([row[name] for name in self._key_names]), row


@lru_cache(maxsize=512)
def key_names(table: Table) -> tuple[str, ...]:
    """The columns of the primary key, in its order."""
    return tuple(column.name for column in table.primary_key)


# Built once for a table: building a statement takes longer than the database does.


@lru_cache(maxsize=512)
def _groups_query(table: Table) -> Select[Any]:
    first = next(iter(table.primary_key))
    return select(table).where(first.in_(bindparam("firsts", expanding=True)))


@lru_cache(maxsize=512)
def _keys_query(table: Table) -> Select[Any]:
    columns = tuple(table.primary_key)
    key = columns[0] if len(columns) == 1 else tuple_(*columns)
    return select(table).where(key.in_(bindparam("keys", expanding=True)))
