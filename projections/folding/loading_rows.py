"""The rows of tables that nobody else writes, as of the events taken so far: kept from batch to batch."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import RowMapping, Select, Table, select

from countersign.eventstore.databases import Database
from countersign.projections.building.placing import Placed
from countersign.projections.folding.changes import Changes
from countersign.projections.folding.footprints import Footprints
from countersign.projections.folding.rows import Rows
from countersign.projections.folding.stored_rows import StoredRows, key_names
from countersign.projections.folding.table_fold import TableFold

_KEYS_AT_ONCE: Final = 10_000


class LoadingRows(Rows):
    """What was used of late is not read again, and what was never written is not looked for.

    `settle` waits until the database was told of all changes so far. Rows are let go after more than
    `remember` of their table were used.
    """

    def __init__(self, read: Database, settle: Callable[[], None], placed: Placed, remember: int) -> None:
        self._read = read
        self._settle = settle
        self._placed = placed
        self._remember = remember
        self._folds: dict[Table, TableFold] = {}

    def changes(self) -> Sequence[Changes]:
        """What the database has yet to be told, by table; from now on it counts as stored."""
        told = [fold.changes() for fold in self._folds.values()]
        for fold in self._folds.values():
            fold.forget(self._remember)
        return told

    def _begun(self, physical: Table) -> TableFold:
        return TableFold(physical, StoredRows(physical, self._ask), self._footprints(physical))

    def _ask(self, query: Select[Any], parameters: Mapping[str, Any]) -> Iterable[RowMapping]:
        self._settle()
        with self._read.read() as connection:
            return connection.execute(query, parameters).mappings().all()

    def _footprints(self, physical: Table) -> Footprints:
        self._settle()
        written = Footprints()
        first = select(physical.c[key_names(physical)[0]])
        with self._read.read() as connection:
            streaming = connection.execution_options(yield_per=_KEYS_AT_ONCE)
            for key in streaming.execute(first).scalars():
                written.add(key)
        return written
