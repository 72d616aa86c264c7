"""Rules say how long reports are kept, by type."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest

from countersign.aggregates.retention_policy import (
    MOST_RULES,
    RETENTION_POLICY_ID,
    NoRetentionRule,
    RetentionPolicy,
    RetentionRule,
    RuleRefused,
    retained_until,
)

NOW = datetime(2026, 3, 18, 8, 0, tzinfo=UTC)
ADA = UUID(int=4)
SAT, OTHERS = RetentionRule("SAT", 30), RetentionRule("*", 10)


def policy(*rules: RetentionRule) -> RetentionPolicy:
    opened = RetentionPolicy.open(NOW)
    opened.publish(NOW, rules, 7, "as the law has it", ADA)
    return opened


def test_a_published_rule_holds_for_its_type_and_the_star_for_all_others() -> None:
    found = policy(OTHERS, SAT)

    assert (found.id, found.policy_version) == (RETENTION_POLICY_ID, 1)
    assert found.rule_for("SAT") == SAT
    assert found.rule_for("FAT") == OTHERS


def test_a_type_without_a_rule_is_not_archived() -> None:
    with pytest.raises(NoRetentionRule):
        policy(SAT).rule_for("FAT")


def test_the_same_rules_change_nothing_and_others_raise_the_version() -> None:
    found = policy(SAT)
    found.publish(NOW, [SAT], 7, "as the law has it", ADA)
    assert found.policy_version == 1
    found.publish(NOW, [OTHERS], 7, "as the law has it", ADA)
    assert (found.policy_version, found.rules) == (2, (OTHERS,))


@pytest.mark.parametrize(
    ("rules", "pointer"),
    [
        ([RetentionRule(" ", 1)], "/rules/0/report_type"),
        ([SAT, SAT], "/rules/1/report_type"),
        ([RetentionRule("SAT", 0)], "/rules/0/years"),
        ([RetentionRule("SAT", 101)], "/rules/0/years"),
        ([RetentionRule(f"T{n}", 1) for n in range(MOST_RULES + 1)], "/rules"),
    ],
)
def test_rules_that_mean_nothing_are_refused(rules: list[RetentionRule], pointer: str) -> None:
    with pytest.raises(RuleRefused) as refused:
        policy(*rules)
    assert [where for where, _ in refused.value.pointers] == [pointer]


@pytest.mark.parametrize("days", [-1, 366])
def test_a_time_of_cooling_off_is_a_year_at_most(days: int) -> None:
    with pytest.raises(RuleRefused) as refused:
        RetentionPolicy.open(NOW).publish(NOW, [SAT], days, "as the law has it", ADA)
    assert [where for where, _ in refused.value.pointers] == ["/cooling_off_days"]


def test_years_are_those_of_the_calendar() -> None:
    assert retained_until(NOW, 10) == NOW.replace(year=2036)
    assert retained_until(datetime(2028, 2, 29, tzinfo=UTC), 1) == datetime(2029, 3, 1, tzinfo=UTC)
