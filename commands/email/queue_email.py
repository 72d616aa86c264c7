"""A reaction plans a mail to one person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from countersign.aggregates.email_contents import Addressee, Attached, EmailPurpose
from countersign.aggregates.email_message import EmailMessage, email_id
from countersign.commands.email.held_back import holding_back
from countersign.commands.options import Options
from countersign.commands.permit import permit
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueEmail:
    purpose: EmailPurpose
    cause: UUID
    subject: UUID
    name: str
    to: str
    facts: Mapping[str, str]
    attachments: tuple[Attached, ...] = ()


def queue_email(command: QueueEmail, store: Store, options: Options) -> Receipt:
    """Plan the mail, once for its cause, person and purpose; `facts` fill its text, and are not personal.

    To an address that mail is held back from, it is planned as one that is not sent.
    """
    permit(store, "QueueEmail")
    if store.find(EmailMessage, email_id(command.cause, command.subject, command.purpose)) is not None:
        return store.save()
    email = EmailMessage.queue(
        store.now,
        purpose=command.purpose,
        cause=command.cause,
        to=Addressee(command.subject, command.name, command.to),
        facts=command.facts,
        attachments=command.attachments,
        mail_domain=options.mail_domain,
    )
    if suppression := holding_back(command.to, store):
        email.suppress(store.now, suppression.id)
    return store.save(email)
