"""An issued report is out of use and is kept for its time."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from countersign.aggregates.report.report import Report
from countersign.aggregates.retention_policy import RETENTION_POLICY_ID, NoRetentionRule, RetentionPolicy
from countersign.commands.permit import permit, responsible_account
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveReport:
    report_id: UUID
    reason: str


def archive_report(command: ArchiveReport, store: Store) -> Receipt:
    """Archive it until the date that the policy in force gives.

    Raises:
        NoRetentionRule: no policy was published, or it says nothing of the type.
        ReportDisposed, WrongStanding, ReasonRequired: as the report says.
    """
    permit(store, "ArchiveReport")
    report = store.load(Report, command.report_id)
    policy = store.guard_or_none(RetentionPolicy, RETENTION_POLICY_ID)
    if policy is None:
        raise NoRetentionRule("No retention policy was published: an administrator publishes one.")
    report.archive(store.now, responsible_account(store), policy, command.reason)
    return store.save(report)
