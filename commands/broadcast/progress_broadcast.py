"""A worker tells how far a broadcast has come."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from countersign.aggregates.broadcast import Broadcast
from countersign.commands.permit import permit
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressBroadcast:
    broadcast_id: UUID
    planned: int


def progress_broadcast(command: ProgressBroadcast, store: Store) -> Receipt:
    """Note how many of its mails are planned."""
    permit(store, "ProgressBroadcast")
    broadcast = store.load(Broadcast, command.broadcast_id)
    broadcast.progress(store.now, command.planned)
    return store.save(broadcast)
