"""A tester enters how one test went."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from countersign.aggregates.report.report import Report
from countersign.aggregates.report.result_entry import ResultEntry
from countersign.commands.permit import permit
from countersign.commands.report.reading import content_of, definition_of
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordTestResult:
    report_id: UUID
    section: str
    row_id: str
    result: str
    comment: str = ""
    verified_by: str = ""
    measured: str = ""
    unit: str = ""
    expected_digest: str | None


def record_test_result(command: RecordTestResult, store: Store) -> Receipt:
    """Note the result over the row as saved.

    Raises:
        UnknownSection, UnknownRow: there is no such test.
        StaleSection: the section has changed since it was read.
        FailNeedsComment, NotApplicableNeedsReason, InvalidField, Locked: as the report says.
    """
    report = store.load(Report, command.report_id)
    permit(store, "RecordTestResult", own=[report.owner])
    definition = definition_of(report, store)
    section = definition.section(command.section)
    report.require_editable()
    report.require_digest(section.key, command.expected_digest)
    entry = ResultEntry(
        result=command.result,
        comment=command.comment,
        verified_by=command.verified_by,
        measured=command.measured,
        unit=command.unit,
    )
    current = content_of(report, section, store)
    report.record_test_result(store.now, section, command.row_id, entry, definition, current)
    return store.save(report)
