"""The time has come to remind an approver."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from countersign.aggregates.report.report import Report
from countersign.commands.permit import permit
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class RemindApprover:
    """The `nth` reminder, counted from 1, of the stage that is due at `due_at`."""

    report_id: UUID
    stage: int
    due_at: datetime
    nth: int


def remind_approver(command: RemindApprover, store: Store) -> Receipt:
    """Note it, unless it does not apply any more."""
    permit(store, "RemindApprover")
    report = store.load(Report, command.report_id)
    report.remind_approver(store.now, command.stage, command.due_at, command.nth)
    return store.save(report)
