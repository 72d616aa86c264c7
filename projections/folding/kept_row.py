"""Rows in memory: complete, or a patch of a row that nobody has had to look up yet."""

from __future__ import annotations

from typing import Any

from countersign.projections.folding.row import Key, Row


class KeptRow:
    """`row` is what the row is now, None when there is none; while there is a `patch` it is not known.

    `stored` says whether the database has a row of that key, `changed` whether it has yet to be told of this
    one. A patch that `makes` the row turns into one where there was none.
    """

    __slots__ = ("changed", "key", "makes", "patch", "row", "stored")

    def __init__(
        self, key: Key, row: Row | None = None, *, stored: bool = False, patch: dict[str, Any] | None = None
    ) -> None:
        self.key = key
        self.row = row
        self.stored = stored
        self.changed = False
        self.patch = patch
        self.makes = False


class Group:
    """Rows that share the first column of the key, such as a report's, by the rest of it.

    When it is `whole`, there are no others.
    """

    __slots__ = ("rows", "whole")

    def __init__(self, *, whole: bool) -> None:
        self.rows: dict[Key, KeptRow] = {}
        self.whole = whole
