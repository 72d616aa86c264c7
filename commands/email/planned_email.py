"""A mail to somebody, held back where mail to their address is."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from countersign.aggregates.email_contents import Addressee, Attached, EmailPurpose
from countersign.aggregates.email_message import EmailMessage
from countersign.commands.email.held_back import holding_back
from countersign.eventstore.store import Store


def planned_email(
    store: Store,
    *,
    purpose: EmailPurpose,
    cause: UUID,
    to: Addressee,
    facts: Mapping[str, str],
    mail_domain: str,
    attachments: tuple[Attached, ...] = (),
) -> EmailMessage:
    """The mail, to be saved."""
    email = EmailMessage.queue(
        store.now,
        purpose=purpose,
        cause=cause,
        to=to,
        facts=facts,
        attachments=attachments,
        mail_domain=mail_domain,
    )
    if suppression := holding_back(to.email, store):
        email.suppress(store.now, suppression.id)
    return email
