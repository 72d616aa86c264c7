"""The content of a section as texts of a size that an index takes well.

A text has one line for each row, or for each field where the section has no rows: its id, then its cells. A
row always stands in the same text, so that its cells can be changed without reading the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Any, Final
from zlib import crc32

_CELL: Final = "\x1f"  # no content has it: control characters are refused where it comes in
_AIMED_AT: Final = 12_000
_LONGEST_LINE: Final = 4_000


@dataclass(frozen=True, slots=True)
class Texts:
    """What a section says; `columns` name the cells of its rows, none where it has no rows."""

    columns: tuple[str, ...]
    texts: tuple[str, ...]


def texts_of(content: Any) -> Texts:
    """The texts of a section as it was saved: of rows that have ids, or of fields."""
    if not isinstance(content, list):
        return Texts((), _filled(fields_text(content)))
    if not content:
        return Texts((), ())
    columns = tuple(dict.fromkeys(name for row in content for name in row if name != "id"))
    lines = {row["id"]: _line(row["id"], [row.get(name, "") for name in columns]) for row in content}
    count = 1 + sum(map(len, lines.values())) // _AIMED_AT
    spread: list[list[str]] = [[] for _ in range(count)]
    for row_id, line in lines.items():
        spread[text_of_row(row_id, count)].append(line)
    return Texts(columns, tuple("\n".join(text) for text in spread))


def text_of_row(row_id: str, count: int) -> int:
    """In which of so many texts a row stands."""
    return crc32(row_id.encode()) % count


def with_row_changed(text: str, row_id: str, columns: Sequence[str], cells: Mapping[str, str]) -> str:
    """The text after cells of one row have changed, as far as it has such columns."""
    return "\n".join(
        _line(row_id, [cells.get(name, cell) for name, cell in zip(columns, said, strict=True)])
        if found == row_id
        else _line(found, said)
        for found, said in lines_of(text)
    )


def lines_of(text: str) -> Iterator[tuple[str, list[str]]]:
    """The id and the cells of each line."""
    for row_id, said in told_lines(text):
        yield row_id, cells_of(said)


def told_lines(text: str) -> list[tuple[str, str]]:
    """The id of each line, and what it says as one string."""
    parted = (line.partition(_CELL) for line in text.split("\n"))
    return [(row_id, said) for row_id, _, said in parted] if text else []


def cells_of(said: str) -> list[str]:
    """The cells of which a line consists."""
    return said.split(_CELL)


def fields_text(fields: Mapping[str, Any]) -> str:
    """The lines of named fields, those that say nothing left out; a long one takes several."""
    return "\n".join(_line(name, [piece]) for name, value in fields.items() for piece in _pieces(value))


def _line(row_id: str, cells: Sequence[Any]) -> str:
    return _CELL.join([row_id, *(" ".join(str(cell).split()) for cell in cells)])


def _pieces(value: Any) -> list[str]:
    said = str(value)
    return (
        wrap(said, _LONGEST_LINE, break_on_hyphens=False)
        if len(said) > _LONGEST_LINE
        else [said] * bool(said)
    )


def _filled(text: str) -> tuple[str, ...]:
    texts: list[list[str]] = []
    room = 0
    for line in text.split("\n") if text else ():
        if room <= 0:
            texts.append([])
            room = _AIMED_AT
        texts[-1].append(line)
        room -= len(line)
    return tuple("\n".join(lines) for lines in texts)
