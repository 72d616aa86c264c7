"""Somebody else is asked to decide on a stage."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from countersign.aggregates.report.report import Report
from countersign.aggregates.roster import ROSTER_ID, Roster
from countersign.commands.permit import permit
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class ReassignStage:
    report_id: UUID
    expected_version: int
    stage: int
    to: UUID
    reason: str


def reassign_stage(command: ReassignStage, store: Store) -> Receipt:
    """Give the stage to another person, who has its whole time if its turn has come.

    Raises:
        StaleVersion: the report has changed since it was read.
        StageNotOpen, UnknownStage, NotEligible, PreparerIsApprover, OnePersonOneStage, ReasonRequired: as the
            report says.
    """
    report = store.load(Report, command.report_id, expected_version=command.expected_version)
    asked = report.approver_of(command.stage)
    permit(store, "ReassignStage", assigned=[] if asked is None else [asked])
    roster = store.guard(Roster, ROSTER_ID)
    report.reassign_stage(store.now, store.context.actor, command.stage, command.to, command.reason, roster)
    return store.save(report)
