"""How reports are kept, as it is sent."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from countersign.aggregates.report.report import Report
from countersign.aggregates.report.standing import Standing
from countersign.aggregates.retention_policy import RetentionPolicy
from countersign.http.answers import Answer
from countersign.http.staleness import Item


class RuleAnswer(Answer):
    """Reports of a type (`*`: all others) are kept so many years after their issue."""

    report_type: str
    years: int


class RetentionPolicyAnswer(Answer):
    """The policy in force; version 0 is none. An approved disposition waits for `cooling_off_days`."""

    version: int
    cooling_off_days: int
    rules: list[RuleAnswer]


class LegalHoldAnswer(Answer):
    """A matter for which a report is kept."""

    matter: str
    since: datetime
    by: UUID


class DispositionAnswer(Answer):
    """A proposal to dispose of a report; approved, it is carried out at `not_before` and not earlier."""

    proposed_by: UUID
    reason: str
    approved_by: UUID | None
    not_before: datetime | None


class TombstoneAnswer(Answer):
    """What is left of a disposed report; `digest` is that of all of it."""

    document_number: str
    report_type: str
    revision: str
    content_digest: str
    document_digest: str
    issued_at: datetime
    policy_version: int
    retention_until: datetime
    proposed_by: UUID
    approved_by: UUID
    reason: str
    digest: str


class RetentionAnswer(Answer):
    """How a report is kept."""

    report_id: UUID
    report_version: int
    standing: Standing
    policy_version: int | None
    retention_until: datetime | None
    holds: list[LegalHoldAnswer]
    disposition: DispositionAnswer | None
    tombstone: TombstoneAnswer | None


class RetainedAnswer(Item):
    """A report of the archive, or a tombstone; `holds` counts the matters that keep it."""

    HANGS_ON = ("report_id",)
    report_id: UUID
    document_number: str
    report_type: str
    standing: Standing
    issued_at: datetime | None
    policy_version: int | None
    retention_until: datetime | None
    holds: int
    proposed_by: UUID | None
    proposed_at: datetime | None
    approved_by: UUID | None
    disposed_at: datetime | None
    tombstone_digest: str | None
    destroyed_at: datetime | None


class RetainedListAnswer(Answer):
    """A page of them, those first whose time ends first."""

    items: list[RetainedAnswer]
    next_cursor: str | None


class HeldAnswer(Item):
    """A legal hold in force."""

    HANGS_ON = ("report_id",)
    report_id: UUID
    matter: str
    reason: str
    placed_by: UUID
    placed_at: datetime


class HeldListAnswer(Answer):
    """A page of legal holds, the oldest first."""

    items: list[HeldAnswer]
    next_cursor: str | None


def policy_answer(policy: RetentionPolicy | None) -> RetentionPolicyAnswer:
    """The policy, also when none was published."""
    if policy is None:
        return RetentionPolicyAnswer(version=0, cooling_off_days=0, rules=[])
    return RetentionPolicyAnswer(
        version=policy.policy_version,
        cooling_off_days=policy.cooling_off_days,
        rules=list(map(RuleAnswer.model_validate, policy.rules)),
    )


def retention_answer(report: Report) -> RetentionAnswer:
    """One report, as the log has it."""
    kept, proposal = report.retention, report.proposal
    disposition = None if proposal is None else {**_facts(proposal), "proposed_by": proposal.by}
    return RetentionAnswer.model_validate(
        {
            "report_id": report.id,
            "report_version": report.version,
            "standing": report.standing,
            "policy_version": kept.policy_version if kept else None,
            "retention_until": kept.until if kept else None,
            "holds": list(report.holds),
            "disposition": disposition,
            "tombstone": report.tombstone,
        }
    )


def _facts(found: object) -> dict[str, object]:
    return {name: getattr(found, name) for name in ("reason", "approved_by", "not_before")}
