"""The result of one test as it is entered, and what makes it complete."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from countersign.aggregates.report.cells import flaw_of_cell
from countersign.aggregates.report.refusals import (
    FailNeedsComment,
    InvalidField,
    NotApplicableNeedsReason,
    UnknownRow,
)
from countersign.aggregates.type_definition import Column, ColumnType, Section, TypeDefinition


@dataclass(frozen=True, slots=True)
class ResultEntry:
    """What a tester found: the result in the words of the type, and the reading that it rests on."""

    result: str
    comment: str = ""
    verified_by: str = ""
    measured: str = ""
    unit: str = ""

    @property
    def cells(self) -> Mapping[str, str]:
        """What the entry changes in its row, where the row has such columns."""
        return {name: getattr(self, name) for name in self.__slots__}

    @property
    def reading(self) -> tuple[str, str]:
        """The measured value with its unit; blank when the test needs none."""
        return self.measured, self.unit


def reading_in(cells: Mapping[str, str]) -> tuple[str, str]:
    """The reading among the cells of an earlier entry."""
    return cells.get("measured", ""), cells.get("unit", "")


_ELSEWHERE: Final = tuple(
    Column(key=key, title=key, type=ColumnType.TEXT, max_length=200)
    for key in ("comment", "verified_by", "measured", "unit")
)
"""How the fields of an entry are bounded for which a section has no column."""


def require_sound(entry: ResultEntry, definition: TypeDefinition, section: Section) -> None:
    """Refuse an entry that its section cannot hold, or that leaves open what others must know.

    Raises:
        InvalidField: with a pointer to each bad field.
        FailNeedsComment, NotApplicableNeedsReason: the comment is missing.
    """
    if flaws := tuple(_flaws(entry, definition, section)):
        raise InvalidField("The result cannot be recorded like this.", flaws)
    if entry.result == "fail" and not entry.comment.strip():
        raise FailNeedsComment("A failure needs a comment: what was seen?", (("/comment", "needed"),))
    if entry.result == "na" and not entry.comment.strip():
        raise NotApplicableNeedsReason(
            "Say in the comment why the test does not apply.", (("/comment", "needed"),)
        )


def row_of(content: Sequence[dict[str, str]], row_id: str) -> dict[str, str]:
    """The row of that id.

    Raises:
        UnknownRow: there is none.
    """
    for row in content:
        if row["id"] == row_id:
            return row
    raise UnknownRow("The section has no such row.", (("/row_id", "unknown"),))


def _flaws(entry: ResultEntry, definition: TypeDefinition, section: Section) -> Iterator[tuple[str, str]]:
    if not section.has_results:
        yield "/section", "its rows have no results"
    elif not entry.result:
        yield "/result", "needed"
    columns = {column.key: column for column in (*_ELSEWHERE, *section.columns)}
    for field, value in entry.cells.items():
        if field in columns and (flaw := flaw_of_cell(value, columns[field], definition.results)):
            yield f"/{field}", flaw
