"""Addresses that mail is not sent to any more."""

from __future__ import annotations

from uuid import UUID

from countersign.aggregates.email_message import EmailMessage
from countersign.aggregates.root import Erased
from countersign.aggregates.suppression import Suppression
from countersign.eventstore.store import Store


def holding_back(address: str | Erased, store: Store) -> Suppression | None:
    """What holds back mail to an address now."""
    if isinstance(address, Erased):
        return None
    suppression = store.find(Suppression, _id(address, store))
    return suppression if suppression and suppression.is_in_force else None


def held_back(email: EmailMessage, reply_code: int, reply: str, store: Store) -> tuple[Suppression, ...]:
    """Hold back further mail to where this one came back from; to be saved with it."""
    if isinstance(email.to, Erased):
        return ()
    suppression_id = _id(email.to, store)
    suppression = store.find(Suppression, suppression_id)
    if suppression is None:
        suppression = Suppression.place(
            suppression_id,
            store.now,
            subject=email.subject,
            address=email.to,
            email=email.id,
            reply_code=reply_code,
            reply=reply,
        )
    else:
        suppression.place_again(store.now, email.id, reply_code, reply)
    return (suppression,)


def _id(address: str, store: Store) -> UUID:
    return store.private_id("suppression", address.strip().lower())
