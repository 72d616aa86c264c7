"""A person who may use the service."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Self
from uuid import UUID

from countersign.aggregates.role import Role
from countersign.aggregates.root import DomainError, Personal, Root


class AccountStatus(StrEnum):
    """An account is of no use until an administrator has approved it."""

    PENDING = "pending"
    ACTIVE = "active"


class AlreadyApproved(DomainError):
    """An account is approved once."""

    code = "already_approved"


class Account(Root):
    """Who a person is, how they prove it, and the role they were given."""

    TOPIC = "account"
    name: Personal
    email: Personal
    email_identity: UUID
    password_hash: Personal
    requested_role: Role
    role: Role | None = None
    status: AccountStatus = AccountStatus.PENDING

    class Created(Root.Created):
        TOPIC = "account.registered"
        name: Personal
        email: Personal
        email_identity: UUID
        password_hash: Personal
        requested_role: Role

    class Approved(Root.Event):
        TOPIC = "account.approved"
        role: Role

        def apply(self, account: Account) -> None:
            account.role = self.role
            account.status = AccountStatus.ACTIVE

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
    ) -> Self:
        """Enter a person, who still has to be approved."""
        return cls._create(
            cls.Created,
            id=account_id,
            timestamp=at,
            name=name,
            email=email,
            email_identity=email_identity,
            password_hash=password_hash,
            requested_role=requested_role,
        )

    def approve(self, at: datetime, role: Role) -> None:
        """Let the person in, in the role that was decided on.

        Raises:
            AlreadyApproved: it was approved before.
        """
        if self.is_active:
            raise AlreadyApproved("this account has been approved already")
        self.trigger_event(self.Approved, timestamp=at, role=role)

    @property
    def is_active(self) -> bool:
        """Whether the person may sign in and act."""
        return self.status is AccountStatus.ACTIVE
