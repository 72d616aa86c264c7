"""The time by which a stage was due has come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from countersign.aggregates.report.report import Report
from countersign.aggregates.roster import ROSTER_ID, Roster
from countersign.commands.permit import permit
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalateStage:
    """The stage that was due at `due_at`."""

    report_id: UUID
    stage: int
    due_at: datetime


def escalate_stage(command: EscalateStage, store: Store) -> Receipt:
    """Note who is to hear of it, unless it does not apply any more."""
    permit(store, "EscalateStage")
    report = store.load(Report, command.report_id)
    roster = store.guard(Roster, ROSTER_ID)
    report.escalate_stage(store.now, command.stage, command.due_at, roster)
    return store.save(report)
