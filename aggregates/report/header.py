"""The header: the fields that identify the document, two of which follow from what it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from countersign.aggregates.report.refusals import InvalidField
from countersign.aggregates.report.section_checks import checked_fields
from countersign.aggregates.type_definition import TypeDefinition

_FIXED: Final = {
    "document_reference": "is the document number, reserved for good",
    "revision": "rises with a new revision only",
}


@dataclass(frozen=True, slots=True)
class Change:
    """A value before and after."""

    old: str
    new: str


def first_header(
    given: Mapping[str, str], definition: TypeDefinition, number: str, revision: str
) -> dict[str, str]:
    """The header of a new report, with its number and revision entered.

    Raises:
        InvalidField: with a pointer to each bad field.
    """
    fixed = {"document_reference": number, "revision": revision}
    header = checked_fields(definition, definition.header, given, "/header") | fixed
    if flaws := tuple(_flaws(given, header, "/header")):
        raise InvalidField("The header does not fit the report.", flaws)
    return header


def changed_header(
    header: Mapping[str, str], changes: Mapping[str, str], definition: TypeDefinition
) -> dict[str, Change]:
    """The changes that change something.

    Raises:
        InvalidField: with a pointer to each bad field.
    """
    checked_fields(definition, definition.header, changes, "/changes")
    if flaws := tuple(_flaws(changes, {**header, **changes, **_fixed(header)}, "/changes")):
        raise InvalidField("The header cannot change like this.", flaws)
    return {key: Change(header[key], new) for key, new in changes.items() if new != header[key]}


def new_values(changes: Mapping[str, Change]) -> dict[str, str]:
    """What the changed fields hold after the change."""
    return {key: change.new for key, change in changes.items()}


def _fixed(header: Mapping[str, str]) -> dict[str, str]:
    return {key: header[key] for key in _FIXED}


def _flaws(given: Mapping[str, str], header: Mapping[str, str], at: str) -> Iterator[tuple[str, str]]:
    for key, reason in _FIXED.items():
        if given.get(key) and given[key] != header[key]:
            yield f"{at}/{key}", reason
    if not header["document_title"].strip():
        yield f"{at}/document_title", "needed: the register lists reports by it"
