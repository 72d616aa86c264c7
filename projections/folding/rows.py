"""The rows that a projection reads and writes during one batch: folded in memory, written in bulk."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Connection, Table

from countersign.projections.folding.bulk_write import write
from countersign.projections.folding.row import Row
from countersign.projections.folding.stored_rows import StoredRows, asking
from countersign.projections.folding.table_fold import TableFold


class MissingRow(LookupError):
    """An event follows on one that made no row."""


class Rows:
    """The read tables as of the batch so far.

    A row is what its primary key names. A row that was handed out is not to be changed in place: write it.
    `placed` says which physical table stands for a projection's own, while it is rebuilt beside the live one.
    Rows that hang on one of the keys `expected` are read together: each query is a round trip.
    """

    def __init__(
        self,
        connection: Connection,
        placed: Mapping[Table, Table] | None = None,
        expected: Collection[Any] = (),
    ) -> None:
        self._connection = connection
        self._placed = placed or {}
        self._expected = expected
        self._folds: dict[Table, TableFold] = {}

    def get(self, table: Table, **key: Any) -> Row | None:
        """The row of that key, or None."""
        fold = self._fold(table)
        return fold.get(fold.key_of(key))

    def existing(self, table: Table, **key: Any) -> Row:
        """The row of that key, which an earlier event must have made.

        Raises:
            MissingRow: it did not.
        """
        row = self.get(table, **key)
        if row is None:
            raise MissingRow(f"{table.name} has no row {key}")
        return row

    def find(self, table: Table, **equal: Any) -> list[Row]:
        """The rows in which these columns have these values, in no order."""
        return self._fold(table).find(equal)

    def insert(self, table: Table, **values: Any) -> None:
        """Add a row that is known to be new; columns that are not named get their default.

        Raises:
            sqlalchemy.exc.IntegrityError: at the flush, when there was one.
        """
        self._fold(table).insert(values)

    def upsert(self, table: Table, **values: Any) -> None:
        """Add the row, or change these columns of the one that is there."""
        self._fold(table).upsert(values)

    def update(self, table: Table, key: Mapping[str, Any], **values: Any) -> None:
        """Change these columns of the row, if there is one."""
        fold = self._fold(table)
        fold.update(fold.key_of(key), values)

    def delete(self, table: Table, **equal: Any) -> None:
        """Remove the rows in which these columns have these values."""
        self._fold(table).delete(equal)

    def flush(self) -> None:
        """Write what changed, in a few statements for each table."""
        for fold in self._folds.values():
            write(self._connection, fold.changes())

    def _fold(self, table: Table) -> TableFold:
        fold = self._folds.get(table)
        if fold is None:
            fold = self._folds[table] = self._begun(self._placed.get(table, table))
        return fold

    def _begun(self, physical: Table) -> TableFold:
        stored = StoredRows(physical, asking(self._connection))
        return TableFold(physical, stored, expected=self._expected)
