"""Rows as a table of plain text, in which square brackets are nothing but brackets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.markup import escape

from countersign.cli.screen import show_table


def show_rows(columns: Sequence[str], rows: Sequence[Mapping[str, Any]], title: str = "") -> None:
    """Rows under their column names; text that looks like markup is shown as it is."""
    show_table(columns, [{name: _plain(row.get(name)) for name in columns} for row in rows], title)


def _plain(value: Any) -> Any:
    return escape(value) if isinstance(value, str) else value
