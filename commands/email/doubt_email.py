"""A mail may have left, though the log does not say so: it was gone back to before."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from countersign.aggregates.email_message import EmailMessage
from countersign.commands.permit import permit
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class DoubtEmail:
    email_id: UUID
    why: str


def doubt_email(command: DoubtEmail, store: Store) -> Receipt:
    """Have a person decide before it is sent; what does not wait to be sent is left as it is."""
    permit(store, "DoubtEmail")
    email = store.load(EmailMessage, command.email_id)
    email.be_doubted(store.now, command.why)
    return store.save(email)
