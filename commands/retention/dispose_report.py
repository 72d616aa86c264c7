"""What two people have agreed on is carried out: the contents of a report are to vanish."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from countersign.aggregates.report.report import Report
from countersign.commands.permit import permit
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class DisposeReport:
    report_id: UUID


def dispose_report(command: DisposeReport, store: Store) -> Receipt:
    """Set the tombstone; from this event on nothing is held back, and the contents are destroyed.

    Raises:
        NotDueYet: it can still be declined.
        NotProposed, OnLegalHold, WrongStanding, RetentionRuns, ReportDisposed: something came in between.
    """
    permit(store, "DisposeReport")
    report = store.load(Report, command.report_id)
    report.dispose(store.now)
    return store.save(report)
