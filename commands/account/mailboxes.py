"""The address that a stranger wants written to."""

from __future__ import annotations

from countersign.aggregates.email_address import EmailAddress
from countersign.aggregates.mailbox import Mailbox
from countersign.eventstore.store import Store


def mailbox_of(address: EmailAddress, store: Store) -> Mailbox:
    """What was asked for in the name of an address so far; it is to be saved with what is asked for now."""
    mailbox_id = store.private_id("mailbox", address.canonical)
    return store.find(Mailbox, mailbox_id) or Mailbox.open(mailbox_id, store.now)
