"""An administrator says how long reports are kept."""

from __future__ import annotations

from dataclasses import dataclass

from countersign.aggregates.report.remarks import require_reason
from countersign.aggregates.retention_policy import RETENTION_POLICY_ID, RetentionPolicy, RetentionRule
from countersign.commands.permit import permit, responsible_account
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishRetentionPolicy:
    rules: tuple[RetentionRule, ...]
    cooling_off_days: int
    reason: str


def publish_retention_policy(command: PublishRetentionPolicy, store: Store) -> Receipt:
    """Put the rules into force for what is archived from now on.

    Raises:
        RuleRefused: with a pointer to each bad rule.
        ReasonRequired: the reason says nothing.
    """
    permit(store, "PublishRetentionPolicy")
    require_reason(command.reason)
    policy = store.find(RetentionPolicy, RETENTION_POLICY_ID) or RetentionPolicy.open(store.now)
    by = responsible_account(store)
    policy.publish(store.now, command.rules, command.cooling_off_days, command.reason, by)
    return store.save(policy)
