"""An operator decides about a mail that the service will not send again by itself."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from countersign.aggregates.email_message import EmailMessage
from countersign.commands.permit import permit
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolveEmail:
    email_id: UUID
    resend: bool
    reason: str


def resolve_email(command: ResolveEmail, store: Store) -> Receipt:
    """Send the mail once more, or let it be.

    Raises:
        NothingToResolve: the mail does not wait for anybody.
        ReasonRequired: none was given.
    """
    permit(store, "ResolveEmail")
    email = store.load(EmailMessage, command.email_id)
    email.resolve(store.now, store.context.actor, resend=command.resend, reason=command.reason)
    return store.save(email)
