"""What keeps a revision from being submitted: every gap, with its place in the report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from countersign.aggregates.type_definition import Section, SectionKind, TypeDefinition

GATES: Final = (
    "required_fields",
    "required_sections",
    "mandatory_results",
    "failures_commented",
    "approvers_eligible",
    "template_active",
)
"""What has been shown to hold once nothing is missing."""

UNTESTED: Final = ("", "not_tested")

Gap = tuple[str, str]


def gaps_in_content(
    definition: TypeDefinition, header: Mapping[str, str], contents: Mapping[str, Any]
) -> Iterator[Gap]:
    """The blanks that must be filled, as pointers such as `/header/date` or `/sections/scope/text`."""
    yield from _blanks(definition.header, header, "/header")
    for section in definition.contents:
        content = contents.get(section.key, section.empty)
        at = f"/sections/{section.key}"
        if section.kind is SectionKind.ROWS:
            yield from _gaps_in_rows(section, content, at)
        elif section.required:
            yield from _blanks(section, content, at)


def _gaps_in_rows(section: Section, rows: list[dict[str, str]], at: str) -> Iterator[Gap]:
    if section.required and not rows:
        yield at, "needs a row at least"
    for index, row in enumerate(rows):
        yield from _blanks(section, row, f"{at}/{index}")
        if section.mandatory_results:
            yield from _gaps_in_test(row, f"{at}/{index}")


def _gaps_in_test(row: Mapping[str, str], at: str) -> Iterator[Gap]:
    if row["result"] in UNTESTED:
        yield f"{at}/result", "has not been tested"
    elif row["result"] == "fail" and not row["comment"].strip():
        yield f"{at}/comment", "a failure needs a comment"


def _blanks(section: Section, values: Mapping[str, str], at: str) -> Iterator[Gap]:
    for column in section.columns:
        if column.required and not values[column.key].strip():
            yield f"{at}/{column.key}", "must be filled"
