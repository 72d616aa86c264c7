"""How long reports are kept: rules by type, published in versions by an administrator."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Self
from uuid import UUID

from countersign.aggregates.root import DomainError, Root, derived_id

RETENTION_POLICY_ID: Final = derived_id("retention_policy", "standard")
ANY_TYPE: Final = "*"
LONGEST_YEARS: Final = 100
LONGEST_COOLING_OFF_DAYS: Final = 365
MOST_RULES: Final = 100


class RuleRefused(DomainError):
    """A rule of a retention policy cannot mean anything; the pointers name each."""

    code = "retention_rule_refused"
    status = 422


class NoRetentionRule(DomainError):
    """The policy in force says nothing of reports of that type."""

    code = "no_retention_rule"


@dataclass(frozen=True, slots=True)
class RetentionRule:
    """Reports of a type (`*`: all others) are kept so many years after their issue."""

    report_type: str
    years: int


class RetentionPolicy(Root):
    """The rules in force. What was archived keeps the date that it was given then."""

    TOPIC = "retention_policy"
    policy_version: int = 0
    cooling_off_days: int = 0
    rules: tuple[RetentionRule, ...] = ()

    class Created(Root.Created):
        TOPIC = "retention_policy.opened"

    class Published(Root.Event):
        TOPIC = "retention_policy.published"
        policy_version: int
        rules: tuple[RetentionRule, ...]
        cooling_off_days: int
        reason: str
        by: UUID

        def apply(self, policy: RetentionPolicy) -> None:
            policy.policy_version = self.policy_version
            policy.rules = self.rules
            policy.cooling_off_days = self.cooling_off_days

    @classmethod
    def open(cls, at: datetime) -> Self:
        """Begin without any rule."""
        return cls._create(cls.Created, id=RETENTION_POLICY_ID, timestamp=at)

    def publish(
        self, at: datetime, rules: Sequence[RetentionRule], cooling_off_days: int, reason: str, by: UUID
    ) -> None:
        """Put rules into force instead of those before; the same ones change nothing.

        For `cooling_off_days` an approved disposition can still be declined.

        Raises:
            RuleRefused: with a pointer to each bad rule.
        """
        if flaws := (*_flaws(rules), *_flaws_of_days(cooling_off_days)):
            raise RuleRefused("The rules cannot be put into force.", flaws)
        if (tuple(rules), cooling_off_days) != (self.rules, self.cooling_off_days):
            self.trigger_event(
                self.Published,
                timestamp=at,
                policy_version=self.policy_version + 1,
                rules=tuple(rules),
                cooling_off_days=cooling_off_days,
                reason=reason,
                by=by,
            )

    def rule_for(self, report_type: str) -> RetentionRule:
        """The rule of a type, else that of all types.

        Raises:
            NoRetentionRule: there is neither.
        """
        for wanted in (report_type, ANY_TYPE):
            for rule in self.rules:
                if rule.report_type == wanted:
                    return rule
        raise NoRetentionRule(f"No rule says how long a report of type {report_type} is kept: publish one.")


def retained_until(issued_at: datetime, years: int) -> datetime:
    """So many years later, on the same day; the 29th of February becomes the 1st of March."""
    try:
        return issued_at.replace(year=issued_at.year + years)
    except ValueError:
        return issued_at.replace(year=issued_at.year + years, month=3, day=1)


def _flaws_of_days(days: int) -> Iterator[tuple[str, str]]:
    if not 0 <= days <= LONGEST_COOLING_OFF_DAYS:
        yield "/cooling_off_days", f"must be 0 to {LONGEST_COOLING_OFF_DAYS}"


def _flaws(rules: Sequence[RetentionRule]) -> Iterator[tuple[str, str]]:
    if len(rules) > MOST_RULES:
        yield "/rules", f"more than {MOST_RULES}"
    seen: set[str] = set()
    for index, rule in enumerate(rules):
        if not rule.report_type.strip():
            yield f"/rules/{index}/report_type", "needed"
        if rule.report_type in seen:
            yield f"/rules/{index}/report_type", "has a rule already"
        if not 1 <= rule.years <= LONGEST_YEARS:
            yield f"/rules/{index}/years", f"must be 1 to {LONGEST_YEARS}: what is issued is kept for a while"
        seen.add(rule.report_type)
