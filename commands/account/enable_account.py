"""An administrator lets a disabled person in again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast
from uuid import UUID

from countersign.aggregates.account import Account
from countersign.aggregates.role import Role
from countersign.aggregates.roster import ROSTER_ID, Roster
from countersign.commands.permit import permit
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class EnableAccount:
    account_id: UUID


def enable_account(command: EnableAccount, store: Store) -> Receipt:
    """Give a person their role back; the sessions that were ended stay so.

    Raises:
        WrongAccountStatus: the account is not disabled.
    """
    permit(store, "EnableAccount")
    account = store.load(Account, command.account_id)
    roster = store.load(Roster, ROSTER_ID)
    account.enable(store.now)
    roster.grant(store.now, account.id, cast("Role", account.role))  # only who has one is ever disabled
    return store.save(account, roster)
