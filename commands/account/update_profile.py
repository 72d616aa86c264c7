"""A person's name is written differently."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from countersign.aggregates.account import Account
from countersign.commands.account.enrolment import accepted_name
from countersign.commands.permit import permit
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateProfile:
    account_id: UUID
    name: str


def update_profile(command: UpdateProfile, store: Store) -> Receipt:
    """Change the name; signatures keep the one they were given with.

    Raises:
        InvalidName: it cannot be printed under a signature.
    """
    permit(store, "UpdateProfile", own=(command.account_id,))
    account = store.load(Account, command.account_id)
    account.rename(store.now, accepted_name(command.name))
    return store.save(account)
