"""An administrator keeps somebody out for now."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from countersign.aggregates.account import Account
from countersign.aggregates.account_refusals import OwnAccount, reasoned
from countersign.aggregates.roster import ROSTER_ID, Roster
from countersign.commands.permit import permit, responsible_account
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class DisableAccount:
    account_id: UUID
    reason: str


def disable_account(command: DisableAccount, store: Store) -> Receipt:
    """End all sessions of a person, and let them do nothing until they are enabled again.

    Raises:
        OwnAccount: nobody disables themselves.
        ReasonRequired: nothing is said.
        LastAdministrator: nobody else could let people in.
        WrongAccountStatus: the person is not in.
    """
    permit(store, "DisableAccount")
    if command.account_id == responsible_account(store):
        raise OwnAccount("nobody disables their own account: ask another administrator, or close it")
    account = store.load(Account, command.account_id)
    roster = store.load(Roster, ROSTER_ID)
    account.disable(store.now, reasoned(command.reason))
    roster.revoke(store.now, account.id)
    return store.save(account, roster)
