"""Somebody who prepares a report asks a person to decide on a stage of it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from countersign.aggregates.report.report import Report
from countersign.aggregates.roster import ROSTER_ID, Roster
from countersign.commands.permit import permit
from countersign.commands.report.reading import definition_of
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignApprover:
    report_id: UUID
    expected_version: int
    stage: int
    approver: UUID


def assign_approver(command: AssignApprover, store: Store) -> Receipt:
    """Ask the person, instead of whoever was asked before.

    Raises:
        StaleVersion: the report has changed since it was read.
        UnknownStage, NotEligible, PreparerIsApprover, OnePersonOneStage, Locked: as the report says.
    """
    report = store.load(Report, command.report_id, expected_version=command.expected_version)
    permit(store, "AssignApprover", own=[report.owner])
    roster = store.guard(Roster, ROSTER_ID)
    definition = definition_of(report, store)
    report.assign_approver(store.now, command.stage, command.approver, definition, roster)
    return store.save(report)
