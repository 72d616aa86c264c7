"""One table during one batch: what was read of it, what changed, and what is known only in part."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, Table, and_, select, tuple_

from countersign.projections.bulk_write import BulkWrite
from countersign.projections.row import Key, Row

_KEYS_A_QUERY = 500


class DuplicateRow(LookupError):
    """A projection inserted a row that is there already."""


class TableFold:
    """Rows are complete; patches wait until somebody asks for the row, or for one look-up at the flush."""

    def __init__(self, connection: Connection, table: Table) -> None:
        self._connection = connection
        self._table = table
        self._key_names = tuple(column.name for column in table.primary_key)
        self._blank = {column.name: _default(column.default) for column in table.columns}
        self._rows: dict[Key, Row | None] = {}
        self._upserts: dict[Key, dict[str, Any]] = {}
        self._updates: dict[Key, dict[str, Any]] = {}
        self._fresh: set[Key] = set()
        self._changed: set[Key] = set()

    def key_of(self, values: Mapping[str, Any]) -> Key:
        """The values of the primary key, in its order."""
        return tuple(values[name] for name in self._key_names)

    def get(self, key: Key) -> Row | None:
        """The row as of now, read through when it is not known yet."""
        if key not in self._rows:
            self._complete([key])
        return self._rows[key]

    def find(self, equal: Mapping[str, Any]) -> list[Row]:
        """The rows as of now whose columns have these values."""
        if set(self._key_names) == set(equal):
            row = self.get(self.key_of(equal))
            return [] if row is None else [row]
        self._complete([*self._upserts, *self._updates])
        query = select(self._table).where(and_(*(self._table.c[name] == equal[name] for name in equal)))
        for stored in self._connection.execute(query).mappings():
            row = dict(stored)
            self._rows.setdefault(self.key_of(row), row)
        return [row for row in self._rows.values() if row is not None and _has(row, equal)]

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
        self._rows[key] = self._blank | dict(values)
        self._changed.add(key)

    def upsert(self, values: Mapping[str, Any]) -> None:
        """Change the row, or make it."""
        key = self.key_of(values)
        if key in self._updates:
            self._complete([key])
        if key in self._rows:
            self._rows[key] = {**(self._rows[key] or self._blank), **values}
            self._changed.add(key)
        else:
            self._upserts.setdefault(key, {}).update(values)

    def update(self, key: Key, values: Mapping[str, Any]) -> None:
        """Change the row, if there is one."""
        if key in self._upserts:
            self._complete([key])
        if key not in self._rows:
            self._updates.setdefault(key, {}).update(values)
        elif (row := self._rows[key]) is not None:
            self._rows[key] = {**row, **values}
            self._changed.add(key)

    def delete(self, equal: Mapping[str, Any]) -> None:
        """Forget the rows whose columns have these values."""
        for row in self.find(equal):
            key = self.key_of(row)
            self._rows[key] = None
            self._changed.add(key)

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

    def _complete(self, keys: list[Key]) -> None:
        stored = dict(self._stored(keys))
        for key in keys:
            row = stored.get(key)
            if (patch := self._upserts.pop(key, None)) is not None:
                row = {**(row or self._blank), **patch}
                self._changed.add(key)
            elif (patch := self._updates.pop(key, None)) is not None and row is not None:
                row = {**row, **patch}
                self._changed.add(key)
            self._rows[key] = row

    def _stored(self, keys: list[Key]) -> Iterable[tuple[Key, Row]]:
        columns = tuple(self._table.primary_key)
        for start in range(0, len(keys), _KEYS_A_QUERY):
            chunk = keys[start : start + _KEYS_A_QUERY]
            one = columns[0].in_([key[0] for key in chunk])
            among = one if len(columns) == 1 else tuple_(*columns).in_(chunk)
            for stored in self._connection.execute(select(self._table).where(among)).mappings():
                row = dict(stored)
                yield self.key_of(row), row


def _has(row: Row, equal: Mapping[str, Any]) -> bool:
    return all(row[name] == value for name, value in equal.items())


def _default(default: Any) -> Any:
    return None if default is None else default.arg
