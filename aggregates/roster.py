"""Who holds which role, in one place: for eligibility, and to know whether anybody is there yet."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import field
from datetime import datetime
from typing import Final, Self
from uuid import UUID

from countersign.aggregates.account_refusals import LastAdministrator
from countersign.aggregates.role import Role
from countersign.aggregates.root import Root, derived_id

ROSTER_ID: Final = derived_id("roster")


class Roster(Root):
    """The one list of the people and their roles; opened with the first administrator."""

    TOPIC = "roster"
    roles: Mapping[UUID, Role] = field(default_factory=dict)

    class Created(Root.Created):
        TOPIC = "roster.opened"

    class RoleGranted(Root.Event):
        TOPIC = "roster.role_granted"
        account: UUID
        role: Role

        def apply(self, roster: Roster) -> None:
            roster.roles = {**roster.roles, self.account: self.role}

    class RoleRevoked(Root.Event):
        TOPIC = "roster.role_revoked"
        account: UUID
        role: Role

        def apply(self, roster: Roster) -> None:
            roster.roles = {
                account: role for account, role in roster.roles.items() if account != self.account
            }

    @classmethod
    def open(cls, at: datetime) -> Self:
        """Start the list, once in the life of an installation."""
        return cls._create(cls.Created, id=ROSTER_ID, timestamp=at)

    def grant(self, at: datetime, account: UUID, role: Role) -> None:
        """Give a person a role; granting what is already held changes nothing.

        Raises:
            LastAdministrator: it takes the last one away.
        """
        if self.role_of(account) is not role:
            self.require_other_administrator(account)
            self.trigger_event(self.RoleGranted, timestamp=at, account=account, role=role)

    def revoke(self, at: datetime, account: UUID) -> None:
        """Take a person off the list; one who is not on it changes nothing.

        Raises:
            LastAdministrator: nobody would be left who lets people in.
        """
        role = self.role_of(account)
        if role is None:
            return
        self.require_other_administrator(account)
        self.trigger_event(self.RoleRevoked, timestamp=at, account=account, role=role)

    def require_other_administrator(self, account: UUID) -> None:
        """Refuse to do without this person if there is no other administrator.

        Raises:
            LastAdministrator: there is none.
        """
        if self.administrators == {account}:
            raise LastAdministrator("this is the last administrator: make another one first")

    @property
    def administrators(self) -> Collection[UUID]:
        """Those who let people in."""
        return {account for account, role in self.roles.items() if role is Role.ADMINISTRATOR}

    def role_of(self, account: UUID) -> Role | None:
        """The role of a person, or None for somebody unknown."""
        return self.roles.get(account)

    def holds(self, account: UUID, role: Role) -> bool:
        """Whether this person has this role, and so may be asked to act in it."""
        return self.role_of(account) is role
