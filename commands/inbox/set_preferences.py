"""A person says how they want to be written to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from countersign.aggregates.email_contents import EmailPurpose
from countersign.aggregates.inbox import Channel, Inbox, inbox_id
from countersign.commands.permit import permit
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPreferences:
    channels: Mapping[EmailPurpose, Channel]
    digest_hour: int
    time_zone: str


def set_preferences(command: SetPreferences, store: Store) -> Receipt:
    """Take these wishes for those before; what was put aside already goes with the next mail of the day.

    Raises:
        InvalidPreference: with pointers.
    """
    account = store.context.actor
    permit(store, "SetPreferences", own=(account,))
    inbox = store.find(Inbox, inbox_id(account)) or Inbox.open(store.now, account)
    inbox.prefer(store.now, command.channels, command.digest_hour, command.time_zone)
    return store.save(inbox)
