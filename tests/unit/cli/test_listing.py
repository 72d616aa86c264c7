"""Lists on a terminal: an id can be copied, however narrow it is."""

from __future__ import annotations

from io import StringIO
from typing import Any

from rich.console import Console

from countersign.cli.listing import rows_within

COLUMNS = ("id", "state", "next_at", "error")
ID = "b14add28-a056-500a-86de-80144907c9d7"
WHY = "the mail server answered that it does not know anybody of that name"


def lines(width: int, *rows: dict[str, Any]) -> list[str]:
    screen = Console(file=StringIO(), width=width)
    screen.print(rows_within(width, COLUMNS, rows, "Jobs"))
    assert isinstance(screen.file, StringIO)
    return [line.rstrip() for line in screen.file.getvalue().splitlines()]


def test_what_fits_stands_in_one_line() -> None:
    said = lines(80, {"id": ID, "state": "succeeded"})
    assert said == ["Jobs", "id" + " " * 36 + "state      next at  error", f"{ID}  succeeded  -        -"]


def test_long_text_is_folded_between_words() -> None:
    said = lines(80, {"id": ID, "state": "failed", "error": WHY})
    assert said[2].startswith(ID)
    assert " ".join(line[len(ID) :].strip() for line in said[2:]).split()[-4:] == [
        "anybody",
        "of",
        "that",
        "name",
    ]


def test_where_it_does_not_fit_each_row_stands_by_itself_with_what_it_has() -> None:
    said = lines(50, {"id": ID, "state": "failed", "error": WHY}, {"id": ID, "state": "queued"})
    assert said[0] == "Jobs"
    assert said[1] == f"id     {ID}"
    assert said[2] == "state  failed"
    assert said[-3:] == ["", f"id     {ID}", "state  queued"]
