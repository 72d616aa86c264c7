"""Whether a report type makes sense, before any report is made of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from countersign.aggregates.root import DomainError
from countersign.aggregates.type_definition import HEADER, RouteStage, Section, SectionKind, TypeDefinition

IDENTIFYING: Final = ("document_title", "project_reference", "document_reference", "client_name", "revision")
"""The fields of a header that every register of documents needs."""

_RESULTS: Final = {"pass", "fail", "na", "not_tested"}
_KEY: Final = re.compile(r"[a-z][a-z0-9_]{0,63}")


class UnsoundDefinition(DomainError):
    """A report type contradicts itself, or leaves out what reports need."""

    code = "unsound_definition"
    status = 422


def sound(spelled: Mapping[str, Any]) -> TypeDefinition:
    """The definition, once nothing is wrong with it.

    Raises:
        UnsoundDefinition: with everything that is wrong.
    """
    try:
        definition = TypeDefinition.of(spelled)
    except (KeyError, TypeError, ValueError) as error:
        raise UnsoundDefinition(f"The report type is not spelled as it should be: {error}") from error
    if flaws := tuple(_flaws(definition)):
        raise UnsoundDefinition("The report type contradicts itself.", flaws)
    return definition


def _flaws(definition: TypeDefinition) -> Iterator[tuple[str, str]]:
    yield from _flaws_of_route(definition.route)
    if not definition.results.keys() >= _RESULTS:
        yield "/results", f"needs the words {', '.join(sorted(_RESULTS))}"
    keys = [section.key for section in definition.sections]
    if len(set(keys)) < len(keys):
        yield "/sections", "two have the same key"
    for index, section in enumerate(definition.sections):
        for reason in _flaws_of_section(section):
            yield f"/sections/{index}", reason
    if HEADER not in keys:
        yield "/sections", f"needs the section {HEADER}"


def _flaws_of_route(route: Sequence[RouteStage]) -> Iterator[tuple[str, str]]:
    if [stage.stage for stage in route] != list(range(1, len(route) + 1)):
        yield "/route", "its stages must count 1, 2, 3, ..."
    if not route:
        yield "/route", "needs a stage at least: somebody other than the author must sign"
    if any(hours < 1 for stage in route for hours in (stage.sla_hours, *stage.reminder_hours)):
        yield "/route", "its stages take an hour at least, and reminders come hours before their end"


def _flaws_of_section(section: Section) -> Iterator[str]:
    keys = section.column_keys
    if not all(_KEY.fullmatch(key) for key in (section.key, *keys)):
        yield "keys are in snake_case"
    if len(set(keys)) < len(keys) or "id" in keys:
        yield "columns need keys of their own, and `id` is the row's"
    if (section.kind is SectionKind.FIELDS) is not (section.key == HEADER):
        yield "the header, and only the header, holds fields"
    if section.key == HEADER and not set(IDENTIFYING) <= set(keys):
        yield f"the header needs {', '.join(IDENTIFYING)}"
    if section.kind is SectionKind.TEXT and keys != ("text",):
        yield "a text has one column, `text`"
    if section.mandatory_results and not (section.has_results and {"result", "comment"} <= set(keys)):
        yield "mandatory results need the columns result and comment"
