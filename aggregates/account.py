"""A person who may use the service."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any, Self
from uuid import UUID

from countersign.aggregates.account_address import Addressed
from countersign.aggregates.account_credentials import end_sessions
from countersign.aggregates.account_refusals import AlreadyApproved, WrongAccountStatus
from countersign.aggregates.role import Role
from countersign.aggregates.root import Personal, Root


class AccountStatus(StrEnum):
    """An account is of no use until an administrator has approved it; a rejected or closed one stays so."""

    PENDING = "pending"
    ACTIVE = "active"
    REJECTED = "rejected"
    DISABLED = "disabled"
    CLOSED = "closed"


class Account(Addressed):
    """Who a person is, how they prove it, and the role they were given."""

    TOPIC = "account"
    role: Role | None = None
    status: AccountStatus = AccountStatus.PENDING

    class Created(Root.Created):
        TOPIC = "account.registered"
        class_version = 2
        name: Personal
        email: Personal
        email_identity: UUID
        password_hash: Personal
        requested_role: Role
        first_password: bool = False  # chosen by somebody else

        @staticmethod
        def upcast_v1_v2(state: dict[str, Any]) -> None:
            state["first_password"] = False

    class Approved(Root.Event):
        TOPIC = "account.approved"
        role: Role

        def apply(self, account: Account) -> None:
            account.role = self.role
            account.status = AccountStatus.ACTIVE

    class Rejected(Root.Event):
        TOPIC = "account.rejected"
        reason: str

        def apply(self, account: Account) -> None:
            account.status = AccountStatus.REJECTED

    class RoleChanged(Root.Event):
        TOPIC = "account.role_changed"
        old: Role
        new: Role

        def apply(self, account: Account) -> None:
            account.role = self.new

    class Disabled(Root.Event):
        TOPIC = "account.disabled"
        reason: str

        def apply(self, account: Account) -> None:
            account.status = AccountStatus.DISABLED
            end_sessions(account)

    class Enabled(Root.Event):
        TOPIC = "account.enabled"

        def apply(self, account: Account) -> None:
            account.status = AccountStatus.ACTIVE

    class Closed(Root.Event):
        TOPIC = "account.closed"

        def apply(self, account: Account) -> None:
            account.status = AccountStatus.CLOSED
            end_sessions(account)

    class ProfileChanged(Root.Event):
        TOPIC = "account.profile_changed"
        name: Personal

        def apply(self, account: Account) -> None:
            account.name = self.name

    @classmethod
    def register(
        cls,
        account_id: UUID,
        at: datetime,
        *,
        name: str,
        email: str,
        email_identity: UUID,
        password_hash: str,
        requested_role: Role,
        first_password: bool = False,
    ) -> Self:
        """Enter a person, who still has to be approved.

        With a `first_password`, chosen by somebody else, they may do nothing but choose their own.
        """
        return cls._create(
            cls.Created,
            id=account_id,
            timestamp=at,
            name=name,
            email=email,
            email_identity=email_identity,
            password_hash=password_hash,
            requested_role=requested_role,
            first_password=first_password,
        )

    def approve(self, at: datetime, role: Role) -> None:
        """Let the person in, in the role that was decided on.

        Raises:
            AlreadyApproved: it was approved before.
            WrongAccountStatus: it was rejected or closed.
        """
        if self.role is not None:
            raise AlreadyApproved("this account has been approved already")
        self._require(AccountStatus.PENDING)
        self.trigger_event(self.Approved, timestamp=at, role=role)

    def reject(self, at: datetime, reason: str) -> None:
        """Do not let the person in.

        Raises:
            WrongAccountStatus: it was decided before.
        """
        self._require(AccountStatus.PENDING)
        self.trigger_event(self.Rejected, timestamp=at, reason=reason)

    def change_role(self, at: datetime, role: Role) -> None:
        """Give the person another role; the one they have changes nothing.

        Raises:
            WrongAccountStatus: they are not in.
        """
        self._require(AccountStatus.ACTIVE)
        if role is not self.role:
            self.trigger_event(self.RoleChanged, timestamp=at, old=self.role, new=role)

    def disable(self, at: datetime, reason: str) -> None:
        """Keep the person out from now on; every session ends.

        Raises:
            WrongAccountStatus: they are not in.
        """
        self._require(AccountStatus.ACTIVE)
        self.trigger_event(self.Disabled, timestamp=at, reason=reason)

    def enable(self, at: datetime) -> None:
        """Let a disabled person in again, in the role they had.

        Raises:
            WrongAccountStatus: the account is not disabled.
        """
        self._require(AccountStatus.DISABLED)
        self.trigger_event(self.Enabled, timestamp=at)

    def close(self, at: datetime) -> None:
        """End the account for good; every session ends.

        Raises:
            WrongAccountStatus: it ended before.
        """
        self._require(AccountStatus.PENDING, AccountStatus.ACTIVE, AccountStatus.DISABLED)
        self.trigger_event(self.Closed, timestamp=at)

    def rename(self, at: datetime, name: str) -> None:
        """Write the person's name as they want it; what was signed keeps the name it was signed with."""
        if name != self.name:
            self.trigger_event(self.ProfileChanged, timestamp=at, name=name)

    @property
    def is_active(self) -> bool:
        """Whether the person may sign in and act."""
        return self.status is AccountStatus.ACTIVE

    @property
    def may_get_in(self) -> bool:
        """Whether the person is in, or waits to be let in: only such a one gets a new password."""
        return self.status in {AccountStatus.ACTIVE, AccountStatus.PENDING}

    def _require(self, *allowed: AccountStatus) -> None:
        if self.status not in allowed:
            raise WrongAccountStatus(f"this account is {self.status}")
