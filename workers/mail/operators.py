"""Who is written to about the service itself: those in a role, or the administrators in their place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from uuid import UUID

from countersign.aggregates.account import Account
from countersign.aggregates.role import Role
from countersign.aggregates.roster import ROSTER_ID, Roster
from countersign.eventstore.aggregates import Aggregates
from countersign.workers.mail.planning import Addressee


def operators(aggregates: Aggregates) -> Iterator[Addressee]:
    """Everybody who runs the machine; where nobody does, the administrators."""
    return holders_of(aggregates, Role.OPERATOR)


def holders_of(aggregates: Aggregates, role: Role) -> Iterator[Addressee]:
    """Everybody in the role; where nobody is, the administrators."""
    roster = aggregates.find(Roster, ROSTER_ID)
    roles: Mapping[UUID, Role] = roster.roles if roster else {}
    wanted = role if role in roles.values() else Role.ADMINISTRATOR
    for account_id in sorted(account for account, held in roles.items() if held is wanted):
        account = aggregates.find(Account, account_id)
        if account is not None and account.is_active:
            yield Addressee(account.id, account.name, account.email)
