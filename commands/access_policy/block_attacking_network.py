"""The service lets nobody in, for a while, from a network that keeps being refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from countersign.aggregates.access_policy import ACCESS_POLICY_ID, AccessPolicy
from countersign.aggregates.network import is_of_this_machine, network_of
from countersign.commands.access_policy.block_network import WouldLockOut
from countersign.commands.permit import permit
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockAttackingNetwork:
    network: str
    reason: str
    until: datetime


def block_attacking_network(command: BlockAttackingNetwork, store: Store) -> Receipt:
    """Block it until a time; what an administrator has decided about it stays.

    Raises:
        WouldLockOut: it is this machine, from which the health is asked for.
        InvalidNetwork, BlockInThePast, TooManyBlocks: as they say.
    """
    permit(store, "BlockAttackingNetwork")
    network = network_of(command.network)
    if is_of_this_machine(network):
        raise WouldLockOut("this machine itself is never blocked by the service")
    policy = store.find(AccessPolicy, ACCESS_POLICY_ID) or AccessPolicy.open(store.now)
    policy.block(
        store.now,
        store.private_id("network", str(network)),
        str(network),
        reason=command.reason,
        until=command.until,
        automatic=True,
    )
    return store.save(policy)
