"""A matter of law wants everything of a report kept."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from countersign.aggregates.report.report import Report
from countersign.commands.permit import permit, responsible_account
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceLegalHold:
    report_id: UUID
    matter: str
    reason: str


def place_legal_hold(command: PlaceLegalHold, store: Store) -> Receipt:
    """Hold it; a proposal to dispose of it falls.

    Raises:
        ReportDisposed, ReasonRequired, InvalidField: as the report says.
    """
    permit(store, "PlaceLegalHold")
    report = store.load(Report, command.report_id)
    report.place_legal_hold(store.now, command.matter, command.reason, responsible_account(store))
    return store.save(report)
