"""A person's second factor: a secret that their authenticator shares, and codes on paper for its loss."""

from __future__ import annotations

from datetime import datetime
from typing import Self
from uuid import UUID

from countersign.aggregates.root import DomainError, Personal, Root, derived_id


class SecondFactorNotEnabled(DomainError):
    """There is no second factor to use, renew or remove."""

    code = "second_factor_not_enabled"


class NoEnrolment(DomainError):
    """A code confirms an enrolment, and none was begun."""

    code = "no_enrolment"


class SecondFactor(Root):
    """Time-based codes (RFC 6238) and backup codes.

    Each time step and each backup code is good once: using it is an event of this stream, so that of two who
    use it at the same moment the log accepts one. Backup codes follow from `backup_nonce` and a key outside
    the log, and are stored nowhere, not even hashed.
    """

    TOPIC = "second_factor"
    account: UUID
    secret: Personal | None = None
    pending_secret: Personal | None = None
    enabled_at: datetime | None = None
    last_step: int = 0
    backup_nonce: str | None = None
    backup_codes: int = 0
    used_codes: frozenset[int] = frozenset()

    SUBJECT = "account"

    class Created(Root.Created):
        TOPIC = "second_factor.opened"
        account: UUID

    class EnrolmentStarted(Root.Event):
        TOPIC = "second_factor.enrolment_started"
        SUBJECT = "account"
        account: UUID
        secret: Personal

        def apply(self, factor: SecondFactor) -> None:
            factor.pending_secret = self.secret

    class Enabled(Root.Event):
        TOPIC = "second_factor.enabled"
        account: UUID

        def apply(self, factor: SecondFactor) -> None:
            factor.secret, factor.pending_secret = factor.pending_secret, None
            factor.enabled_at = self.timestamp

    class StepConsumed(Root.Event):
        TOPIC = "second_factor.step_consumed"
        step: int

        def apply(self, factor: SecondFactor) -> None:
            factor.last_step = self.step

    class BackupCodesIssued(Root.Event):
        TOPIC = "second_factor.backup_codes_issued"
        nonce: str
        count: int

        def apply(self, factor: SecondFactor) -> None:
            factor.backup_nonce, factor.backup_codes = self.nonce, self.count
            factor.used_codes = frozenset()

    class BackupCodeUsed(Root.Event):
        TOPIC = "second_factor.backup_code_used"
        index: int

        def apply(self, factor: SecondFactor) -> None:
            factor.used_codes |= {self.index}

    class Disabled(Root.Event):
        TOPIC = "second_factor.disabled"
        account: UUID
        by: UUID
        reason: str

        def apply(self, factor: SecondFactor) -> None:
            factor.secret = factor.pending_secret = factor.enabled_at = factor.backup_nonce = None
            factor.backup_codes, factor.used_codes = 0, frozenset()

    @classmethod
    def open(cls, at: datetime, account: UUID) -> Self:
        """The place for an account's second factor, with none in it yet."""
        return cls._create(cls.Created, id=second_factor_id(account), timestamp=at, account=account)

    def start_enrolment(self, at: datetime, secret: str) -> None:
        """Offer a new secret instead of any that was never confirmed; the enabled one stays until then."""
        self.trigger_event(self.EnrolmentStarted, timestamp=at, account=self.account, secret=secret)

    def enable(self, at: datetime, step: int, nonce: str, codes: int) -> None:
        """Take the offered secret, of which the code of `step` was just shown, and issue backup codes.

        Raises:
            NoEnrolment: no secret was offered.
        """
        if self.pending_secret is None:
            raise NoEnrolment("begin with a new secret, then confirm it with a code")
        self.trigger_event(self.StepConsumed, timestamp=at, step=step)
        self.trigger_event(self.Enabled, timestamp=at, account=self.account)
        self.issue_backup_codes(at, nonce, codes)

    def issue_backup_codes(self, at: datetime, nonce: str, codes: int) -> None:
        """Make new backup codes; the older ones are void.

        Raises:
            SecondFactorNotEnabled: they would stand in for nothing.
        """
        self.require_enabled()
        self.trigger_event(self.BackupCodesIssued, timestamp=at, nonce=nonce, count=codes)

    def accepts_step(self, step: int) -> bool:
        """Whether a code of this time step may still be used: none is that old, or was used before."""
        return step > self.last_step

    def consume_step(self, at: datetime, step: int) -> None:
        """Note that the code of this step was used."""
        self.trigger_event(self.StepConsumed, timestamp=at, step=step)

    def use_backup_code(self, at: datetime, index: int) -> None:
        """Note that this backup code was used."""
        self.trigger_event(self.BackupCodeUsed, timestamp=at, index=index)

    def disable(self, at: datetime, by: UUID, reason: str) -> None:
        """Do without from now on.

        Raises:
            SecondFactorNotEnabled: there is none.
        """
        self.require_enabled()
        self.trigger_event(self.Disabled, timestamp=at, account=self.account, by=by, reason=reason)

    def require_enabled(self) -> None:
        """Refuse when there is no second factor.

        Raises:
            SecondFactorNotEnabled
        """
        if not self.is_enabled:
            raise SecondFactorNotEnabled("there is no second factor: enrol one first")

    @property
    def is_enabled(self) -> bool:
        """Whether signing in asks for a code."""
        return self.enabled_at is not None

    @property
    def codes_left(self) -> int:
        """How many backup codes were not used."""
        return self.backup_codes - len(self.used_codes)


def second_factor_id(account: UUID) -> UUID:
    """The stream of an account's second factor."""
    return derived_id("second_factor", str(account))
