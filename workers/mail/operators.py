"""Who runs the machine."""

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
    roster = aggregates.find(Roster, ROSTER_ID)
    roles: Mapping[UUID, Role] = roster.roles if roster else {}
    wanted = Role.OPERATOR if Role.OPERATOR in roles.values() else Role.ADMINISTRATOR
    for account_id in sorted(account for account, role in roles.items() if role is wanted):
        account = aggregates.find(Account, account_id)
        if account is not None and account.is_active:
            yield Addressee(account.id, account.name, account.email)
