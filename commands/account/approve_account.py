"""An administrator lets somebody in who registered themselves."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from countersign.aggregates.account import Account
from countersign.aggregates.role import Role
from countersign.aggregates.roster import ROSTER_ID, Roster
from countersign.commands.permit import permit
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveAccount:
    account_id: UUID
    role: Role


def approve_account(command: ApproveAccount, store: Store) -> Receipt:
    """Let the person in, in the role that was decided on.

    Raises:
        EmailUnverified, AlreadyApproved, WrongAccountStatus: as the account says.
    """
    permit(store, "ApproveAccount")
    account = store.load(Account, command.account_id)
    roster = store.load(Roster, ROSTER_ID)
    account.require_verified()
    account.approve(store.now, command.role)
    roster.grant(store.now, account.id, command.role)
    return store.save(account, roster)
