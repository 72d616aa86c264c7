"""How the tests of a section went, counted from its rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Column, Integer

ResultCounts = Mapping[str, int]
"""A number for each of `COUNTS`."""

COUNTS: Final = ("passed", "failed", "not_applicable", "not_tested", "uncounted")
"""`uncounted` are the rows of a section that is too large to be in the log, whatever they hold."""

_COUNTED_AS: Final = {"pass": "passed", "fail": "failed", "na": "not_applicable"}


def counts_columns() -> list[Column[int]]:
    """The counts, zero for a new row."""
    return [Column(name, Integer, nullable=False, default=0) for name in COUNTS]


def recounted(content: Any | None, row_count: int) -> ResultCounts:
    """The counts of a section that was saved; rows without a result column are no tests."""
    if content is None:
        return dict.fromkeys(COUNTS, 0) | {"uncounted": row_count}
    tests = (row["result"] for row in content if "result" in row) if isinstance(content, list) else ()
    return dict.fromkeys(COUNTS, 0) | Counter(_column(result) for result in tests)


def retested(saved: Mapping[str, Any], previous: str, result: str) -> ResultCounts:
    """The counts after one row's result became another."""
    counts = {name: saved[name] for name in COUNTS}
    counts[_column(previous)] -= 1
    counts[_column(result)] += 1
    return counts


def _column(result: str) -> str:
    return _COUNTED_AS.get(result, "not_tested")
