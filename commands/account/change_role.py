"""An administrator gives somebody another role."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from countersign.aggregates.account import Account
from countersign.aggregates.account_refusals import OwnAccount
from countersign.aggregates.role import Role
from countersign.aggregates.roster import ROSTER_ID, Roster
from countersign.commands.options import SignInRules
from countersign.commands.permit import permit, responsible_account
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRole:
    account_id: UUID
    role: Role


def change_role(command: ChangeRole, store: Store, rules: SignInRules) -> Receipt:
    """Change what a person may do, from their next command on.

    Into a role that asks for a second factor they sign in anew, so that none of their sessions goes without.

    Raises:
        OwnAccount: nobody decides about their own role.
        LastAdministrator: nobody else could let people in.
        WrongAccountStatus: the person is not in.
    """
    permit(store, "ChangeRole")
    if command.account_id == responsible_account(store):
        raise OwnAccount("nobody changes their own role: ask another administrator")
    account = store.load(Account, command.account_id)
    roster = store.load(Roster, ROSTER_ID)
    account.change_role(store.now, command.role)
    if account.pending_events and command.role in rules.totp_required_roles:
        account.end_sessions(store.now)
    roster.grant(store.now, account.id, command.role)
    return store.save(account, roster)
