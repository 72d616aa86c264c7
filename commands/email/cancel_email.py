"""An operator has a mail not sent."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from countersign.aggregates.email_message import EmailMessage
from countersign.commands.permit import permit
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelEmail:
    email_id: UUID
    reason: str


def cancel_email(command: CancelEmail, store: Store) -> Receipt:
    """Have it not sent.

    Raises:
        NothingToCancel: it does not wait to be sent.
        ReasonRequired: none was given.
    """
    permit(store, "CancelEmail")
    email = store.load(EmailMessage, command.email_id)
    email.cancel(store.now, store.context.actor, command.reason)
    return store.save(email)
