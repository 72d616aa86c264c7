"""One cell: whether a value is what its column may hold."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from datetime import date
from ipaddress import ip_address
from typing import Final

from countersign.aggregates.type_definition import Column, ColumnType

LONGEST: Final = 20_000
"""Most characters of a cell whose column names no limit."""

_UNPRINTABLE: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def flaw_of_text(value: object, max_length: int = LONGEST, *, one_line: bool = False) -> str | None:
    """What is wrong with a piece of text, or None. Line breaks and tabs are text; other controls are not.

    Word's XML cannot carry them: they would vanish from the document without a word.
    """
    if not isinstance(value, str):
        return "must be text"
    if len(value) > max_length:
        return f"longer than {max_length} characters"
    if _UNPRINTABLE.search(value):
        return "holds control characters or broken Unicode"
    if one_line and "\n" in value:
        return "must be one line"
    return None


def flaw_of_cell(value: object, column: Column, results: Collection[str]) -> str | None:
    """What is wrong with a cell, or None. A blank is right: what must be filled is asked at submission."""
    limit = column.max_length or LONGEST
    flaw = flaw_of_text(value, limit, one_line=column.type is not ColumnType.MULTILINE)
    if flaw or not value:
        return flaw
    if column.type is ColumnType.RESULT:
        return None if value in results else f"must be one of {', '.join(results)}"
    reads = _READERS.get(column.type)
    return None if reads is None or reads(str(value)) else _EXPECTED[column.type]


def _is_day(value: str) -> bool:
    try:
        return bool(_DAY.fullmatch(value) and date.fromisoformat(value))
    except ValueError:
        return False


def _is_address(value: str) -> bool:
    try:
        return bool(ip_address(value))
    except ValueError:
        return False


_READERS: Final[dict[ColumnType, Callable[[str], bool]]] = {
    ColumnType.DATE: _is_day,
    ColumnType.IP: _is_address,
}
_EXPECTED: Final = {ColumnType.DATE: "must be a date, YYYY-MM-DD", ColumnType.IP: "must be an IP address"}
