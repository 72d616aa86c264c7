"""Looking for the owner of an address, so that a known one takes as long as an unknown one."""

from __future__ import annotations

from uuid import UUID

from countersign.aggregates.account import Account
from countersign.aggregates.email_identity import EmailIdentity
from countersign.aggregates.roster import ROSTER_ID, Roster
from countersign.eventstore.store import Store


def holder_of(identity_id: UUID, store: Store) -> UUID | None:
    """The account that has an address."""
    identity = store.guard_or_none(EmailIdentity, identity_id)
    # What is there is found in memory, what is not is looked for in the log. So a known address looks for
    # something that never is, and an unknown one finds the roster.
    never = store.private_id("no address", str(identity_id))
    store.guard_or_none(Roster, ROSTER_ID if identity is None else never)
    return identity.holder if identity else None


def account_at(identity_id: UUID, store: Store) -> Account | None:
    """The account that has an address, in whatever state."""
    return store.guard_or_none(Account, holder_of(identity_id, store) or ROSTER_ID)
