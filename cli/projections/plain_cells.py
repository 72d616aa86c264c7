"""Values as cells of a CSV file that a spreadsheet takes for nothing but text and numbers."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, Final

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def plain_cell(value: Any) -> Any:
    """One cell: a text that a spreadsheet would run as a formula is quoted by an apostrophe."""
    match value:
        case None | bool() | int() | float():
            return value
        case datetime():
            return value.isoformat()
        case dict() | list() | tuple():
            return _text(json.dumps(value, ensure_ascii=False, default=str))
        case _:
            return _text(str(value))


def _text(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text
