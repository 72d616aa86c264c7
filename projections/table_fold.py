"""One table during one batch: what was read of it, what changed, and what is known only in part."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, CursorResult, Select, Table, bindparam, select, tuple_

from countersign.projections.bulk_write import BulkWrite
from countersign.projections.row import Key, Row

_KEYS_A_QUERY = 500


class DuplicateRow(LookupError):
    """A projection inserted a row that is there already."""


class TableFold:
    """Rows are complete; patches wait until somebody asks for the row, or for one look-up at the flush.

    The rows that share the first column of the key, such as a report's, are read together and then known.
    """

    def __init__(self, connection: Connection, table: Table) -> None:
        self._connection = connection
        self._table = table
        self._key_names = _key_names(table)
        self._blank = _blank(table)
        self._rows: dict[Key, Row | None] = {}
        self._groups: defaultdict[Any, set[Key]] = defaultdict(set)
        self._known_groups: set[Any] = set()
        self._upserts: dict[Key, dict[str, Any]] = {}
        self._updates: dict[Key, dict[str, Any]] = {}
        self._fresh: set[Key] = set()
        self._changed: set[Key] = set()

    def key_of(self, values: Mapping[str, Any]) -> Key:
        """The values of the primary key, in its order."""
        return tuple([values[name] for name in self._key_names])

    def get(self, key: Key) -> Row | None:
        """The row as of now, read through when it is not known yet."""
        if key in self._upserts or key in self._updates:
            self._complete([key])
        elif key not in self._rows:
            self._know_group(key[0])
        return self._rows.get(key)

    def find(self, equal: Mapping[str, Any]) -> list[Row]:
        """The rows as of now whose columns have these values."""
        self._complete([*self._upserts, *self._updates])
        first = self._key_names[0]
        if first in equal:
            self._know_group(equal[first])
            found = [self._rows[key] for key in self._groups[equal[first]]]
        else:
            conditions = (self._table.c[name] == equal[name] for name in equal)
            self._take_in(self._connection.execute(select(self._table).where(*conditions)))
            found = list(self._rows.values())
        return [row for row in found if row is not None and _has(row, equal)]

    def insert(self, values: Mapping[str, Any]) -> None:
        """Take a row that nobody has to look for.

        Raises:
            DuplicateRow: this batch already knows a row of that key.
        """
        key = self.key_of(values)
        if self._rows.get(key) is not None or key in self._upserts or key in self._updates:
            raise DuplicateRow(f"{self._table.name} already has a row {key}")
        if key not in self._rows:
            self._fresh.add(key)
        self._put(key, {**self._blank, **values})

    def upsert(self, values: Mapping[str, Any]) -> None:
        """Change the row, or make it."""
        key = self.key_of(values)
        if key in self._updates:
            self._complete([key])
        if self._knows(key):
            self._put(key, {**(self._rows.get(key) or self._blank), **values})
        else:
            self._upserts.setdefault(key, {}).update(values)

    def update(self, key: Key, values: Mapping[str, Any]) -> None:
        """Change the row, if there is one."""
        if key in self._upserts:
            self._upserts[key].update(values)
        elif not self._knows(key):
            self._updates.setdefault(key, {}).update(values)
        elif (row := self._rows.get(key)) is not None:
            self._put(key, {**row, **values})

    def delete(self, equal: Mapping[str, Any]) -> None:
        """Forget the rows whose columns have these values."""
        for row in self.find(equal):
            self._put(self.key_of(row), None)

    def flush(self) -> None:
        """Write what changed since the last flush."""
        self._complete([*self._upserts, *self._updates])
        write = BulkWrite(self._connection, self._table)
        gone = [key for key in self._changed if self._rows[key] is None and key not in self._fresh]
        kept = {key: row for key in self._changed if (row := self._rows[key]) is not None}
        write.delete(gone)
        write.upsert([row for key, row in kept.items() if key not in self._fresh])
        write.insert([row for key, row in kept.items() if key in self._fresh])
        self._fresh.clear()
        self._changed.clear()

    def _knows(self, key: Key) -> bool:
        return key in self._rows or key[0] in self._known_groups

    def _put(self, key: Key, row: Row | None) -> None:
        self._rows[key] = row
        self._groups[key[0]].add(key)
        self._changed.add(key)

    def _know_group(self, first: Any) -> None:
        if first not in self._known_groups:
            self._take_in(self._connection.execute(_group_query(self._table), {"first": first}))
            self._known_groups.add(first)

    def _take_in(self, result: CursorResult[Any]) -> None:
        for stored in result.mappings():
            row = dict(stored)
            key = self.key_of(row)
            if key not in self._upserts and key not in self._updates:
                self._rows.setdefault(key, row)
                self._groups[key[0]].add(key)

    def _complete(self, keys: list[Key]) -> None:
        stored = dict(self._stored(keys))
        for key in keys:
            row = stored.get(key)
            if (patch := self._upserts.pop(key, None)) is not None:
                self._put(key, {**(row or self._blank), **patch})
            elif (patch := self._updates.pop(key, None)) is not None and row is not None:
                self._put(key, {**row, **patch})
            else:
                self._rows[key] = None

    def _stored(self, keys: list[Key]) -> Iterable[tuple[Key, Row]]:
        columns = tuple(self._table.primary_key)
        for start in range(0, len(keys), _KEYS_A_QUERY):
            chunk = keys[start : start + _KEYS_A_QUERY]
            one = columns[0].in_([key[0] for key in chunk])
            among = one if len(columns) == 1 else tuple_(*columns).in_(chunk)
            for stored in self._connection.execute(select(self._table).where(among)).mappings():
                row = dict(stored)
                yield self.key_of(row), row


@lru_cache(maxsize=256)
def _key_names(table: Table) -> tuple[str, ...]:
    return tuple(column.name for column in table.primary_key)


@lru_cache(maxsize=256)
def _blank(table: Table) -> Mapping[str, Any]:
    return MappingProxyType({column.name: _default(column.default) for column in table.columns})


@lru_cache(maxsize=256)
def _group_query(table: Table) -> Select[Any]:
    first = next(iter(table.primary_key))
    return select(table).where(first == bindparam("first"))


def _has(row: Row, equal: Mapping[str, Any]) -> bool:
    return all(row[name] == value for name, value in equal.items())


def _default(default: Any) -> Any:
    return None if default is None else default.arg
