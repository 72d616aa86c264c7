"""The contents of a report are not to vanish after all."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from countersign.aggregates.report.report import Report
from countersign.commands.permit import permit, responsible_account
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclineDisposition:
    report_id: UUID
    reason: str


def decline_disposition(command: DeclineDisposition, store: Store) -> Receipt:
    """Let the proposal fall, also an approved one that was not carried out yet.

    Raises:
        ReportDisposed, NotProposed, ReasonRequired: as the report says.
    """
    permit(store, "DeclineDisposition")
    report = store.load(Report, command.report_id)
    report.decline_disposition(store.now, command.reason, responsible_account(store))
    return store.save(report)
