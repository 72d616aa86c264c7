"""The preparer, or an administrator, takes a report back from its approvers."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from countersign.aggregates.report.report import Report
from countersign.aggregates.role import Role
from countersign.commands.permit import acting_role, permit, responsible_account
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawSubmission:
    report_id: UUID
    expected_version: int
    reason: str


def withdraw_submission(command: WithdrawSubmission, store: Store) -> Receipt:
    """Open the content again; every signature under the revision falls.

    Raises:
        StaleVersion: the report has changed since it was read.
        WrongStatus, WithdrawalTooLate, ReasonRequired, InvalidField: as the report says.
    """
    report = store.load(Report, command.report_id, expected_version=command.expected_version)
    permit(store, "WithdrawSubmission", own=report.preparers)
    administrator = acting_role(store) is Role.ADMINISTRATOR
    report.withdraw(store.now, responsible_account(store), command.reason, administrator=administrator)
    return store.save(report)
