"""Rows as a table of plain text: square brackets are nothing but brackets, and ids can be copied."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from countersign.cli.screen import console

_UNBROKEN: Final = 36
_WIDE_ENOUGH: Final = 1_000


def show_rows(columns: Sequence[str], rows: Sequence[Mapping[str, Any]], title: str = "") -> None:
    """Rows under their column names, a dash for what is not there.

    On a terminal long text is folded, but never an id or a word; elsewhere each row is one line.
    """
    screen = console if console.is_terminal else Console(highlight=False, width=_WIDE_ENOUGH)
    screen.print(rows_table(columns, rows, title))


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
        return "-"
    return value.strftime("%Y-%m-%d %H:%M:%S") if isinstance(value, datetime) else str(value)
