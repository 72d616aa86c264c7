"""A person leaves for good, or an administrator sees to it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from countersign.aggregates.account import Account
from countersign.aggregates.email_identity import EmailIdentity
from countersign.aggregates.roster import ROSTER_ID, Roster
from countersign.commands.permit import permit, require_reauthentication
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseAccount:
    account_id: UUID


def close_account(command: CloseAccount, store: Store, window_s: int) -> Receipt:
    """End an account and all its sessions; its address is free again, its history stays.

    Raises:
        ReauthenticationRequired: one's own needs a proof of identity at most `window_s` seconds old.
        LastAdministrator: nobody else could let people in.
        WrongAccountStatus: it ended before.
    """
    permit(store, "CloseAccount", own=(command.account_id,))
    if command.account_id == store.context.actor:
        require_reauthentication(store, window_s)
    account = store.load(Account, command.account_id)
    roster = store.load(Roster, ROSTER_ID)
    identity = store.load(EmailIdentity, account.email_identity)
    account.close(store.now)
    roster.revoke(store.now, account.id)
    identity.release(store.now)
    return store.save(account, roster, identity)
