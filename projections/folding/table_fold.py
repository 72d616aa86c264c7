"""One table in memory: what was read of it, what changed, and what is known only in part."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import islice
from typing import Any, Final

from sqlalchemy import Table

from countersign.projections.folding.changes import Changes
from countersign.projections.folding.footprints import Footprints
from countersign.projections.folding.kept_row import Group, KeptRow
from countersign.projections.folding.row import Key, Row
from countersign.projections.folding.stored_rows import StoredRows, key_names

_AHEAD: Final = 100


class DuplicateRow(LookupError):
    """A projection inserted a row that is there already."""


class TableFold:
    """Rows are complete; patches wait until somebody asks for the row, or for one look-up at the end.

    The rows of a group are read together and then known. When somebody asks for one of the groups that are
    `expected` to be asked for, others of them are read in the same query. `written` has the groups of which
    the table may hold rows; without it, that of any.
    """

    def __init__(
        self,
        table: Table,
        stored: StoredRows,
        written: Footprints | None = None,
        expected: Collection[Any] = (),
    ) -> None:
        self._table = table
        self._stored = stored
        self._written = written
        self._expected = expected
        self._key_names = key_names(table)
        self._blank = _blank(table)
        self._groups: dict[Any, Group] = {}
        self._older: dict[Any, Group] = {}
        self._patched: list[KeptRow] = []
        self._changed: list[KeptRow] = []

    def key_of(self, values: Mapping[str, Any]) -> Key:
        """The values of the primary key, in its order."""
        return tuple([values[name] for name in self._key_names])

    def get(self, key: Key) -> Row | None:
        """The row as of now, read through when it is not known yet."""
        group = self._group(key[0])
        kept = group.rows.get(key[1:])
        if kept is None and not group.whole:
            self._know([key[0], *self._ahead(key[0])])
            kept = group.rows.get(key[1:])
        if kept is None:
            return None
        if kept.patch is not None:
            self._complete([kept])
        return kept.row

    def find(self, equal: Mapping[str, Any]) -> list[Row]:
        """The rows as of now whose columns have these values."""
        first = self._key_names[0]
        if first in equal:
            self._know([equal[first]])
            found: Iterable[KeptRow] = self._group(equal[first]).rows.values()
        else:
            self._complete_all()
            self._take_in(self._stored.matching(equal))
            found = self._all()
        return [row for kept in found if (row := kept.row) is not None and _has(row, equal)]

    def insert(self, values: Mapping[str, Any]) -> None:
        """Take a row that nobody has to look for; its values are the fold's from now on.

        Raises:
            DuplicateRow: a row of that key is known already.
        """
        key = self.key_of(values)
        rows = self._group(key[0]).rows
        kept = rows.get(key[1:])
        if kept is None:
            kept = rows[key[1:]] = KeptRow(key)
        elif kept.patch is not None and not kept.makes:  # an update that may have met no row
            self._complete([kept])
        if kept.row is not None or kept.patch is not None:
            raise DuplicateRow(f"{self._table.name} already has a row {key}")
        self._put(kept, values if len(values) == len(self._blank) else {**self._blank, **values})

    def upsert(self, values: Mapping[str, Any]) -> None:
        """Change the row, or make it."""
        kept = self._kept(self.key_of(values))
        if kept.patch and not kept.makes:
            self._complete([kept])
        if kept.patch is None:
            self._put(kept, {**(kept.row or self._blank), **values})
        else:
            kept.makes = True
            kept.patch.update(values)

    def update(self, key: Key, values: Mapping[str, Any]) -> None:
        """Change the row, if there is one."""
        kept = self._kept(key)
        if kept.patch is not None:
            kept.patch.update(values)
        elif kept.row is not None:
            self._put(kept, {**kept.row, **values})

    def delete(self, equal: Mapping[str, Any]) -> None:
        """Forget the rows whose columns have these values."""
        for row in self.find(equal):
            self._put(self._kept(self.key_of(row)), None)

    def changes(self) -> Changes:
        """What changed since the last time; from now on it counts as stored."""
        self._complete_all()
        told = Changes(self._table)
        for kept in self._changed:
            kept.changed = False
            if kept.row is not None:
                (told.changed if kept.stored else told.new).append(kept.row)
            elif kept.stored:
                told.gone.append(kept.key)
            if self._written is not None and not kept.stored:
                self._written.add(kept.key[0])
            kept.stored = kept.row is not None
        self._changed = []
        return told

    def forget(self, beyond: int) -> None:
        """Let go of what was used longest ago, once so many rows were used since the last time."""
        if sum(len(group.rows) for group in self._groups.values()) > beyond:
            self._older, self._groups = self._groups, {}

    def _group(self, first: Any) -> Group:
        group = self._groups.get(first)
        if group is None:
            group = self._older.pop(first, None) if self._older else None
            if group is None:
                group = Group(whole=self._written is not None and first not in self._written)
            self._groups[first] = group
        return group

    def _kept(self, key: Key) -> KeptRow:
        group = self._group(key[0])
        kept = group.rows.get(key[1:])
        if kept is None:
            kept = group.rows[key[1:]] = KeptRow(key, patch=None if group.whole else {})
            if not group.whole:
                self._patched.append(kept)
        return kept

    def _all(self) -> Iterator[KeptRow]:
        for groups in (self._groups, self._older):
            for group in groups.values():
                yield from group.rows.values()

    def _put(self, kept: KeptRow, row: Row | None) -> None:
        kept.row = row
        if not kept.changed:
            kept.changed = True
            self._changed.append(kept)

    def _ahead(self, asked: Any) -> Iterable[Any]:
        if asked not in self._expected:
            return ()
        others = (first for first in self._expected if first != asked and not self._group(first).whole)
        return islice(others, _AHEAD)

    def _know(self, firsts: Iterable[Any]) -> None:
        groups = {first: self._group(first) for first in firsts}
        unknown = [first for first, group in groups.items() if not group.whole]
        if unknown:
            self._take_in(self._stored.groups(unknown))
        for group in groups.values():
            group.whole = True
            for kept in group.rows.values():
                if kept.patch is not None:  # none of those that were found
                    self._settle(kept, None)

    def _take_in(self, found: Iterable[tuple[Key, Row]]) -> None:
        for key, row in found:
            rows = self._group(key[0]).rows
            kept = rows.get(key[1:])
            if kept is None:
                rows[key[1:]] = KeptRow(key, row, stored=True)
            elif kept.patch is not None:
                self._settle(kept, row)

    def _complete_all(self) -> None:
        patched, self._patched = self._patched, []
        self._complete([kept for kept in patched if kept.patch is not None])

    def _complete(self, patched: list[KeptRow]) -> None:
        stored = dict(self._stored.among([kept.key for kept in patched]))
        for kept in patched:
            self._settle(kept, stored.get(kept.key))

    def _settle(self, kept: KeptRow, stored: Row | None) -> None:
        patch, kept.patch = kept.patch, None
        kept.row, kept.stored = stored, stored is not None
        if patch and (stored is not None or kept.makes):
            self._put(kept, {**(stored or self._blank), **patch})


@lru_cache(maxsize=512)
def _blank(table: Table) -> dict[str, Any]:
    return {column.name: _default(column.default) for column in table.columns}


def _has(row: Row, equal: Mapping[str, Any]) -> bool:
    return all(row[name] == value for name, value in equal.items())


def _default(default: Any) -> Any:
    return None if default is None else default.arg
