"""A reaction plans a mail to one person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from countersign.aggregates.email_contents import Addressee, Attached, EmailPurpose
from countersign.aggregates.email_message import EmailMessage, email_id
from countersign.aggregates.inbox import CHOOSABLE, Channel, Inbox, inbox_id
from countersign.commands.email.planned_email import planned_email
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

    To an address that mail is held back from, it is planned as one that is not sent. What its reader wants
    with the others of the day is put aside, and of what they do not want nothing is kept.
    """
    permit(store, "QueueEmail")
    if store.find(EmailMessage, email_id(command.cause, command.subject, command.purpose)) is not None:
        return store.save()
    inbox = _inbox(command, store)
    channel = Channel.MAIL if inbox is None else inbox.channel_of(command.purpose)
    if inbox is not None and channel is Channel.DIGEST:
        inbox.put_aside(store.now, command.purpose, command.cause, command.facts)
        return store.save(inbox)
    return store.save() if channel is Channel.NONE else store.save(_email(command, store, options))


def _inbox(command: QueueEmail, store: Store) -> Inbox | None:
    # Only people with an account have one: a client outside is never found.
    return store.find(Inbox, inbox_id(command.subject)) if command.purpose in CHOOSABLE else None


def _email(command: QueueEmail, store: Store, options: Options) -> EmailMessage:
    return planned_email(
        store,
        purpose=command.purpose,
        cause=command.cause,
        to=Addressee(command.subject, command.name, command.to),
        facts=command.facts,
        attachments=command.attachments,
        mail_domain=options.mail_domain,
    )
