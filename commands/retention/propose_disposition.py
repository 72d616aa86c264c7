"""Somebody wants the contents of a report to vanish, now that its time is over."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from countersign.aggregates.report.report import Report
from countersign.commands.permit import permit, responsible_account
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeDisposition:
    report_id: UUID
    reason: str


def propose_disposition(command: ProposeDisposition, store: Store) -> Receipt:
    """Ask a second person.

    Raises:
        WrongStanding, RetentionRuns, OnLegalHold, ReportDisposed: it may not go.
        AlreadyProposed, ReasonRequired: as the report says.
    """
    permit(store, "ProposeDisposition")
    report = store.load(Report, command.report_id)
    report.propose_disposition(store.now, command.reason, responsible_account(store))
    return store.save(report)
