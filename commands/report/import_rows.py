"""Somebody who prepares a report brings in rows from a table made elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from countersign.aggregates.report.csv_rows import imported
from countersign.aggregates.report.report import Report
from countersign.commands.permit import permit
from countersign.commands.report.reading import content_of, definition_of, keep
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRows:
    """`mapping` says which heading of the CSV text goes to which column of the section."""

    report_id: UUID
    section: str
    csv: str
    mapping: Mapping[str, str]
    expected_digest: str | None


def import_rows(command: ImportRows, store: Store) -> Receipt:
    """Add the rows that fit to those of the section; the event names the others with their reasons.

    Raises:
        UnknownSection, NoRows: there is no such table.
        StaleSection: the section has changed since it was read.
        UnreadableCsv, NoRowAccepted, RowLimit, Locked: as the report says.
    """
    report = store.load(Report, command.report_id)
    permit(store, "ImportRows", own=[report.owner])
    definition = definition_of(report, store)
    section = definition.section(command.section)
    report.require_editable()
    report.require_digest(section.key, command.expected_digest)
    existing = content_of(report, section, store)
    found = imported(definition, section, command.csv, command.mapping, existing)
    report.import_rows(store.now, section, found, source="csv")
    keep(found.content, store)
    return store.save(report)
