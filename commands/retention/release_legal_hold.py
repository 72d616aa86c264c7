"""A matter of law is over."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from countersign.aggregates.report.report import Report
from countersign.commands.permit import permit, responsible_account
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseLegalHold:
    report_id: UUID
    matter: str
    reason: str


def release_legal_hold(command: ReleaseLegalHold, store: Store) -> Receipt:
    """Let go for this matter; others may still hold it.

    Raises:
        HoldMissing, ReasonRequired: as the report says.
    """
    permit(store, "ReleaseLegalHold")
    report = store.load(Report, command.report_id)
    report.release_legal_hold(store.now, command.matter, command.reason, responsible_account(store))
    return store.save(report)
