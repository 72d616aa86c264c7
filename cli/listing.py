"""Rows as a table of plain text: square brackets are nothing but brackets, and ids can be copied."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from rich.cells import cell_len
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from countersign.cli.screen import console

_UNBROKEN: Final = 36
_WIDE_ENOUGH: Final = 1_000
_GAP: Final = 2
_NOTHING: Final = "-"


def show_rows(columns: Sequence[str], rows: Sequence[Mapping[str, Any]], title: str = "") -> None:
    """Rows under their column names, a dash for what is not there.

    On a terminal long text is folded, but never an id or a word; where columns have no room beside each
    other, each row stands in lines of its own. Elsewhere each row is one line.
    """
    if console.is_terminal:
        console.print(rows_within(console.width, columns, rows, title))
    else:
        Console(highlight=False, width=_WIDE_ENOUGH).print(rows_table(columns, rows, title))


def rows_within(
    width: int, columns: Sequence[str], rows: Sequence[Mapping[str, Any]], title: str = ""
) -> RenderableType:
    """The table where it fits, or each row below the other."""
    if sum(_narrowest(column, rows) + _GAP for column in columns) - _GAP <= width:
        return rows_table(columns, rows, title)
    parts: list[RenderableType] = [Text(title, style="italic")] if title else []
    for row in rows:
        parts += [_apart(columns, row), Text("")]
    return Group(*parts[:-1])


def _narrowest(column: str, rows: Sequence[Mapping[str, Any]]) -> int:
    """Without breaking a word of ordinary length, or a text that is to stay in one line."""
    texts = [_plain(row.get(column)) for row in rows]
    whole = all(len(text) <= _UNBROKEN for text in texts)
    parts = texts if whole else [word for text in texts for word in text.split()]
    return max(min(cell_len(part), _UNBROKEN) for part in (column, *parts))


def _apart(columns: Sequence[str], row: Mapping[str, Any]) -> Table:
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for column in columns:
        if (text := _plain(row.get(column))) != _NOTHING:
            table.add_row(Text(column.replace("_", " ")), Text(text))
    return table


def rows_table(columns: Sequence[str], rows: Sequence[Mapping[str, Any]], title: str = "") -> Table:
    """The table itself, to be shown among others."""
    table = Table(title=Text(title) if title else None, title_justify="left", box=None, pad_edge=False)
    for column in columns:
        unbroken = all(len(_plain(row.get(column))) <= _UNBROKEN for row in rows)
        table.add_column(column.replace("_", " "), overflow="fold", no_wrap=unbroken)
    for row in rows:
        table.add_row(*(Text(_plain(row.get(column))) for column in columns))
    return table


def _plain(value: Any) -> str:
    if value is None or value == "":
        return _NOTHING
    return value.strftime("%Y-%m-%d %H:%M:%S") if isinstance(value, datetime) else str(value)
