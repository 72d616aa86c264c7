"""A section's content as it came in, against its type: checked content, or every flaw with its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, Final

from countersign.aggregates.report.cells import flaw_of_cell
from countersign.aggregates.report.content import Content
from countersign.aggregates.report.refusals import InvalidField, RowLimit
from countersign.aggregates.type_definition import Section, SectionKind, TypeDefinition

_ROW_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}")
_SPEAKABLE: Final = re.compile(r"[A-Za-z0-9_]{1,64}")

Flaw = tuple[str, str]


def checked_content(
    definition: TypeDefinition, section: Section, given: object, at: str = "/content"
) -> Content:
    """The content with every column of every row, in their order, and with an id for each row.

    Rows that bring no id are given the first free of r1, r2, ...

    Raises:
        InvalidField: with a pointer to each bad cell, below `at`.
        RowLimit: more rows than the type allows.
    """
    if section.kind is SectionKind.ROWS:
        return Content.of(_checked_rows(definition, section, given, at))
    return Content.of(checked_fields(definition, section, given, at))


def checked_fields(definition: TypeDefinition, section: Section, given: object, at: str) -> dict[str, str]:
    """One mapping with all columns of the section; what was left out is blank.

    Raises:
        InvalidField: with a pointer to each bad field, below `at`.
    """
    if not isinstance(given, Mapping):
        raise InvalidField(f"The section {section.key} holds fields.", ((at, "must be an object"),))
    _refuse(list(_flaws(section, given, definition.results, at)))
    return _complete(section, given)


def flaws_of_row(definition: TypeDefinition, section: Section, row: Mapping[str, object]) -> list[str]:
    """What is wrong with one row, in words."""
    found = _flaws(section, row, definition.results, "")
    return [f"{pointer[1:]}: {reason}" if pointer else reason for pointer, reason in found]


def _checked_rows(
    definition: TypeDefinition, section: Section, given: object, at: str
) -> list[dict[str, str]]:
    if not isinstance(given, list | tuple):
        raise InvalidField(f"The section {section.key} holds rows.", ((at, "must be a list of rows"),))
    if len(given) > definition.max_rows:
        raise RowLimit(
            f"The section {section.key} would hold {len(given)} rows; {definition.max_rows} is the most."
        )
    flaws: list[Flaw] = []
    taken: set[str] = set()
    for index, row in enumerate(given):
        flaws.extend(_flaws_of_row(definition, section, row, f"{at}/{index}", taken))
    _refuse(flaws)
    next_id = free_ids(taken)
    return [{"id": row.get("id") or next_id()} | _complete(section, row) for row in given]


def _flaws_of_row(
    definition: TypeDefinition, section: Section, row: object, at: str, taken: set[str]
) -> Iterator[Flaw]:
    if not isinstance(row, Mapping):
        yield at, "must be an object"
        return
    if (row_id := row.get("id")) is not None:
        if not isinstance(row_id, str) or not _ROW_ID.fullmatch(row_id):
            yield f"{at}/id", "must be up to 64 letters, digits or any of _.:-"
        elif row_id in taken:
            yield f"{at}/id", "stands on two rows"
        else:
            taken.add(row_id)
    yield from _flaws(section, row, definition.results, at, besides={"id"})


def _flaws(
    section: Section,
    given: Mapping[str, object],
    results: Collection[str],
    at: str,
    besides: Collection[str] = (),
) -> Iterator[Flaw]:
    known = 0
    for column in section.columns:
        if column.key in given:
            known += 1
            if flaw := flaw_of_cell(given[column.key], column, results):
                yield f"{at}/{column.key}", flaw
    if known + sum(key in given for key in besides) < len(given):
        yield from _strangers(given, {*section.column_keys, *besides}, at)


def _strangers(given: Mapping[Any, object], known: Collection[str], at: str) -> Iterator[Flaw]:
    for key in given:
        if key not in known:
            speakable = isinstance(key, str) and _SPEAKABLE.fullmatch(key)
            yield (f"{at}/{key}" if speakable else at), "unknown column"


def free_ids(taken: Collection[str]) -> Callable[[], str]:
    """Hands out r1, r2, ... but for those that are taken."""
    number = 0

    def next_id() -> str:
        nonlocal number
        number += 1
        while f"r{number}" in taken:
            number += 1
        return f"r{number}"

    return next_id


def _complete(section: Section, given: Mapping[str, Any]) -> dict[str, str]:
    return {column.key: given.get(column.key, "") for column in section.columns}


def _refuse(flaws: list[Flaw]) -> None:
    if flaws:
        places = "1 place" if len(flaws) == 1 else f"{len(flaws)} places"
        raise InvalidField(f"What was given is not what the report type allows, in {places}.", tuple(flaws))
