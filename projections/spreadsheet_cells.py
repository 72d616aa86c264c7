"""Lines of CSV (RFC 4180) in which a spreadsheet finds nothing but text and numbers."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable
from datetime import datetime
from io import StringIO
from typing import Final

_FORMULA: Final = re.compile(r"[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")  # with the wide signs of East Asia
_NUMBER: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?", re.ASCII)


def line(values: Iterable[object]) -> str:
    """The cells of a row, with the end of the line."""
    written = StringIO()
    csv.writer(written, lineterminator="\r\n").writerow(map(cell, values))
    return written.getvalue()


def cell(value: object) -> str:
    """What stands for a value: a text that a spreadsheet would take for a formula has a `'` in front."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case datetime():
            return value.isoformat()
        case dict() | list() | tuple():
            return _text(json.dumps(value, ensure_ascii=False, default=str))
        case str():
            return _text(value)
        case _:
            return str(value)


def _text(text: str) -> str:
    begins_a_formula = _FORMULA.match(text) or _FORMULA.match(text.lstrip())
    return f"'{text}" if begins_a_formula and not _NUMBER.fullmatch(text) else text
