"""A report in the archive is needed again."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from countersign.aggregates.report.report import Report
from countersign.commands.permit import permit, responsible_account
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreFromArchive:
    report_id: UUID
    reason: str


def restore_from_archive(command: RestoreFromArchive, store: Store) -> Receipt:
    """Take it out; a proposal to dispose of it falls.

    Raises:
        ReportDisposed, WrongStanding, ReasonRequired: as the report says.
    """
    permit(store, "RestoreFromArchive")
    report = store.load(Report, command.report_id)
    report.restore(store.now, command.reason, responsible_account(store))
    return store.save(report)
