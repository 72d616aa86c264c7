"""An administrator lets a network in again."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from countersign.aggregates.access_policy import ACCESS_POLICY_ID, AccessPolicy, NetworkNotBlocked
from countersign.commands.permit import permit
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class UnblockNetwork:
    block_id: UUID


def unblock_network(command: UnblockNetwork, store: Store) -> Receipt:
    """Lift a block before it runs out.

    Raises:
        NetworkNotBlocked: there is none in force.
    """
    permit(store, "UnblockNetwork")
    policy = store.find(AccessPolicy, ACCESS_POLICY_ID)
    if policy is None:
        raise NetworkNotBlocked("this network is not blocked")
    policy.unblock(store.now, command.block_id)
    return store.save(policy)
