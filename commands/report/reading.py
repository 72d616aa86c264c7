"""What most commands of a report read: its type as it was at its creation, and its sections' contents."""

from __future__ import annotations

from typing import Any

from countersign.aggregates.report.content import Content, resolve
from countersign.aggregates.report.report import Report
from countersign.aggregates.report_type import ReportType, report_type_id
from countersign.aggregates.type_definition import Section, TypeDefinition
from countersign.eventstore.store import Store


def type_of(report: Report, store: Store) -> ReportType:
    """The report's type, held as a guard."""
    return store.guard(ReportType, report_type_id(report.report_type))


def definition_of(report: Report, store: Store) -> TypeDefinition:
    """The version of its type that the report follows."""
    return type_of(report, store).at_version(report.type_version)


def content_of(report: Report, section: Section, store: Store) -> Any:
    """The whole content of a section, wherever it is kept.

    Raises:
        ReportDisposed: it is gone.
    """
    report.require_not_disposed()
    state = report.sections.get(section.key)
    if state is None:
        return section.empty
    return resolve(state, None if state.content_ref is None else store.blobs.get(state.content_ref))


def contents_of(report: Report, definition: TypeDefinition, store: Store) -> dict[str, Any]:
    """The contents of all sections after the header, by key."""
    return {section.key: content_of(report, section, store) for section in definition.contents}


def keep(content: Content, store: Store) -> None:
    """Store a large content durably, before the event that names it."""
    if content.ref is not None:
        store.blobs.put(content.encoded)
