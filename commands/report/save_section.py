"""Somebody who prepares a report saves one of its sections."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from countersign.aggregates.report.report import Report
from countersign.aggregates.report.section_checks import checked_content
from countersign.commands.permit import permit
from countersign.commands.report.reading import content_of, definition_of, keep
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveSection:
    """`expected_digest` is the section's when it was read; None before it was ever saved."""

    report_id: UUID
    section: str
    content: Any
    expected_digest: str | None


def save_section(command: SaveSection, store: Store) -> Receipt:
    """Replace the content of the section, test results included.

    Raises:
        UnknownSection: the type has none of that name.
        StaleSection: the section has changed since it was read.
        Locked, InvalidField, RowLimit: as the report says.
    """
    report = store.load(Report, command.report_id)
    permit(store, "SaveSection", own=[report.owner])
    definition = definition_of(report, store)
    section = definition.section(command.section)
    report.require_editable()
    report.require_digest(section.key, command.expected_digest)
    content = checked_content(definition, section, command.content)
    report.save_section(store.now, section, content, current=content_of(report, section, store))
    keep(content, store)
    return store.save(report)
