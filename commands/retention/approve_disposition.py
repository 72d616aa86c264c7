"""A second person agrees that the contents of a report vanish."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from countersign.aggregates.report.report import Report
from countersign.aggregates.retention_policy import RETENTION_POLICY_ID, RetentionPolicy
from countersign.commands.permit import permit, require_reauthentication, responsible_account
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveDisposition:
    report_id: UUID
    expected_version: int
    reason: str


def approve_disposition(command: ApproveDisposition, store: Store, window_s: int) -> Receipt:
    """Agree, after a fresh proof of identity: what follows cannot be taken back.

    Raises:
        ReauthenticationRequired: the proof is older than `window_s`.
        StaleVersion: something has come to the report since the proposal was read, perhaps another proposal.
        NotProposed, SamePerson: there is nothing to agree to, or it is one's own proposal.
        ReportDisposed, WrongStanding, RetentionRuns, OnLegalHold, ReasonRequired: as the report says.
    """
    permit(store, "ApproveDisposition")
    require_reauthentication(store, window_s)
    report = store.load(Report, command.report_id, expected_version=command.expected_version)
    policy = store.guard(RetentionPolicy, RETENTION_POLICY_ID)
    cooling_off = timedelta(days=policy.cooling_off_days)
    report.approve_disposition(store.now, command.reason, responsible_account(store), cooling_off)
    return store.save(report)
