"""An administrator lets somebody try again who has failed too often."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from countersign.aggregates.account import Account
from countersign.aggregates.sign_in_throttle import SignInThrottle
from countersign.commands.permit import permit
from countersign.commands.session.attempt import throttle_id
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class UnlockAccount:
    account_id: UUID


def unlock_account(command: UnlockAccount, store: Store) -> Receipt:
    """Forget the failed tries for an account, from everywhere; those of a network run out by themselves."""
    permit(store, "UnlockAccount")
    account = store.guard(Account, command.account_id)
    throttle = store.find(SignInThrottle, throttle_id(store, account.email_identity))
    if throttle is None:
        return store.save()
    throttle.unlock(store.now, account.id, store.context.actor)
    return store.save(throttle)
