"""An administrator writes to everybody in certain roles."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from countersign.aggregates.broadcast import Broadcast
from countersign.aggregates.role import Role
from countersign.aggregates.roster import ROSTER_ID, Roster
from countersign.commands.permit import permit
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderBroadcast:
    broadcast_id: UUID
    topic: str
    message: str
    roles: tuple[Role, ...]


def order_broadcast(command: OrderBroadcast, store: Store) -> Receipt:
    """Have it mailed to those who hold one of the roles now.

    Raises:
        BroadcastUnfit: it says nothing or too much, or goes to nobody or to too many.
    """
    permit(store, "OrderBroadcast")
    roster = store.load(Roster, ROSTER_ID)
    broadcast = Broadcast.order(
        command.broadcast_id,
        store.now,
        topic=command.topic,
        message=command.message,
        roles=command.roles,
        by=store.context.actor,
        recipients=[account for account, role in roster.roles.items() if role in command.roles],
    )
    return store.save(broadcast)
