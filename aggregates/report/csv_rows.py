"""Rows from a CSV text: what fits the section is taken, what does not is named with its line and reason."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from countersign.aggregates.report.content import Content
from countersign.aggregates.report.refusals import NoRowAccepted, NoRows, RowLimit, UnreadableCsv
from countersign.aggregates.report.section_checks import checked_content, flaws_of_row, free_ids
from countersign.aggregates.type_definition import ColumnType, Section, SectionKind, TypeDefinition

MOST_LINES: Final = 20_000
"""Most lines of an import, whether they fit or not: each that does not is kept with its reason."""

_LONGER: Final = "has more cells than there are headings"


@dataclass(frozen=True, slots=True)
class Rejected:
    """A line that was not taken, counted from 1 with the line of headings, and why."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Import:
    """What an import leads to: the section's whole new content, and what became of each line."""

    content: Content
    accepted: int
    rejected: tuple[Rejected, ...]


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    cells: dict[str, str]
    is_longer: bool


def headings_of(text: str) -> tuple[str, ...]:
    """The first line of a CSV text.

    Raises:
        UnreadableCsv: there is none, or it cannot be read.
    """
    reader = csv.reader(_opened(text), strict=True)
    with _refusing(reader):
        headings = tuple(next(reader, ()))
    if not headings:
        raise _unreadable("/csv/1", "has no line of headings")
    return headings


def imported(
    definition: TypeDefinition,
    section: Section,
    text: str,
    mapping: Mapping[str, str],
    existing: list[dict[str, str]],
) -> Import:
    """The existing rows of a section followed by those of a CSV text.

    `mapping` says which heading goes to which column. A result may be written as the document prints it.

    Raises:
        NoRows: the section is not a table.
        UnreadableCsv: it cannot be read, or has not exactly one column for a heading that the mapping names.
        RowLimit: more rows than the type allows, or more lines than anybody would mend.
        NoRowAccepted: with the reason for each line.
    """
    if section.kind is not SectionKind.ROWS:
        raise NoRows(f"The section {section.key} has no rows to import.", (("/section", "holds no rows"),))
    accepted: list[dict[str, str]] = []
    rejected: list[Rejected] = []
    next_id = free_ids({row["id"] for row in existing})
    for line in _lines(text, _checked_mapping(section, mapping)):
        row = _in_words_of_the_type(definition, section, line.cells)
        if flaws := [_LONGER] if line.is_longer else flaws_of_row(definition, section, row):
            rejected.append(Rejected(line.number, "; ".join(flaws)))
        else:
            accepted.append({"id": next_id(), **row})
        if len(existing) + len(accepted) > definition.max_rows:
            raise RowLimit(f"The section {section.key} would hold more than {definition.max_rows} rows.")
        if len(accepted) + len(rejected) > MOST_LINES:
            raise RowLimit(f"An import has {MOST_LINES} lines at most.")
    if not accepted:
        reasons = tuple((f"/csv/{each.line}", each.reason) for each in rejected)
        raise NoRowAccepted("No row of the import fits the section.", reasons or (("/csv", "has no rows"),))
    content = checked_content(definition, section, [*existing, *accepted])
    return Import(content, len(accepted), tuple(rejected))


def _checked_mapping(section: Section, mapping: Mapping[str, str]) -> Mapping[str, str]:
    unknown = sorted(set(mapping.values()) - set(section.column_keys))
    if unknown or not mapping or len(set(mapping.values())) < len(mapping):
        reason = "needs one heading for each column that it names, and columns of the section only"
        raise UnreadableCsv(f"The mapping {reason}.", (("/mapping", reason),))
    return mapping


def _lines(text: str, mapping: Mapping[str, str]) -> Iterator[_Line]:
    reader: csv.DictReader[Any] = csv.DictReader(_opened(text), strict=True)
    with _refusing(reader.reader):
        _require_headings(reader.fieldnames or (), mapping)
        for cells in reader:
            found = {column: _text(cells[heading]) for heading, column in mapping.items()}
            beyond = cells.get(None, ())  # where the reader puts what has no heading
            yield _Line(reader.line_num, found, is_longer=any(map(str.strip, beyond)))


def _require_headings(headings: Sequence[str], mapping: Mapping[str, str]) -> None:
    absent = [heading for heading in mapping if heading not in headings]
    if absent:
        raise _unreadable("/mapping", f"has no column headed {', '.join(absent)}")
    repeated = [heading for heading in mapping if headings.count(heading) > 1]
    if repeated:
        raise _unreadable("/csv/1", f"has several columns headed {', '.join(repeated)}")


def _opened(text: str) -> io.StringIO:
    return io.StringIO(text.removeprefix("\ufeff"), newline="")


@contextmanager
def _refusing(reader: Any) -> Iterator[None]:
    try:
        yield
    except csv.Error as error:
        raise _unreadable("/csv", f"cannot be read, line {reader.line_num}: {error}") from None


def _unreadable(pointer: str, reason: str) -> UnreadableCsv:
    return UnreadableCsv(f"The CSV text {reason}.", ((pointer, reason),))


def _text(cell: str | None) -> str:
    return (cell or "").replace("\r\n", "\n").strip()


def _in_words_of_the_type(
    definition: TypeDefinition, section: Section, cells: dict[str, str]
) -> dict[str, str]:
    spoken = {
        spelling.casefold(): word
        for word, printed in definition.results.items()
        for spelling in (printed, word)
    }
    results = [column.key for column in section.columns if column.type is ColumnType.RESULT]
    return cells | {key: spoken.get(cells[key].casefold(), cells[key]) for key in results if key in cells}
