"""An administrator stops a broadcast under way."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from countersign.aggregates.broadcast import Broadcast
from countersign.commands.permit import permit
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelBroadcast:
    broadcast_id: UUID
    reason: str


def cancel_broadcast(command: CancelBroadcast, store: Store) -> Receipt:
    """Plan no more of its mails.

    Raises:
        BroadcastOver: all of them are planned, or it was cancelled before.
    """
    permit(store, "CancelBroadcast")
    broadcast = store.load(Broadcast, command.broadcast_id)
    broadcast.cancel(store.now, store.context.actor, command.reason.strip())
    return store.save(broadcast)
