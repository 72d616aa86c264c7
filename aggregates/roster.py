"""Who holds which role, in one place: for eligibility, and to know whether anybody is there yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from typing import Final, Self
from uuid import UUID

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

    @classmethod
    def open(cls, at: datetime) -> Self:
        """Start the list, once in the life of an installation."""
        return cls._create(cls.Created, id=ROSTER_ID, timestamp=at)

    def grant(self, at: datetime, account: UUID, role: Role) -> None:
        """Give a person a role; granting what is already held changes nothing."""
        if self.role_of(account) is not role:
            self.trigger_event(self.RoleGranted, timestamp=at, account=account, role=role)

    def role_of(self, account: UUID) -> Role | None:
        """The role of a person, or None for somebody unknown."""
        return self.roles.get(account)

    def holds(self, account: UUID, role: Role) -> bool:
        """Whether this person has this role, and so may be asked to act in it."""
        return self.role_of(account) is role
