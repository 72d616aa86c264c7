"""A worker is about to hand a mail to the server."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from countersign.aggregates.email_message import EmailMessage
from countersign.commands.email.held_back import holding_back
from countersign.commands.permit import permit
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptEmail:
    email_id: UUID
    worker: str


def attempt_email(command: AttemptEmail, store: Store) -> Receipt:
    """Record the attempt before the server is spoken to.

    If an earlier attempt is open, its worker died in it: then the mail goes in doubt, and that is recorded.
    If its address was found dead meanwhile, the mail is held back.
    So a worker sends only what `is_being_sent_by` it afterwards, and takes a new command key for each claim.
    """
    permit(store, "AttemptEmail")
    email = store.load(EmailMessage, command.email_id)
    suppression = holding_back(email.to, store) if email.waits else None
    if suppression is None:
        email.attempt(store.now, command.worker)
    else:
        email.suppress(store.now, suppression.id)
    return store.save(email)
