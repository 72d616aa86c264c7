"""An administrator does not let somebody in."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from countersign.aggregates.account import Account
from countersign.aggregates.account_refusals import reasoned
from countersign.aggregates.email_identity import EmailIdentity
from countersign.commands.permit import permit
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectAccount:
    account_id: UUID
    reason: str


def reject_account(command: RejectAccount, store: Store) -> Receipt:
    """Turn the person down; their address is free again.

    Raises:
        ReasonRequired: nothing is said.
        WrongAccountStatus: it was decided before.
    """
    permit(store, "RejectAccount")
    account = store.load(Account, command.account_id)
    account.reject(store.now, reasoned(command.reason))
    identity = store.load(EmailIdentity, account.email_identity)
    identity.release(store.now)
    return store.save(account, identity)
