"""An administrator lets nobody in from a network."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from countersign.aggregates.access_policy import ACCESS_POLICY_ID, AccessPolicy
from countersign.aggregates.network import Network, address_of, is_of_this_machine, network_of
from countersign.aggregates.root import DomainError
from countersign.commands.permit import permit
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store

_WIDEST: Final = {4: 8, 6: 19}


class WouldLockOut(DomainError):
    """The block would hit the caller, this machine or half the world: `force` says that it is meant."""

    code = "would_lock_out"


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockNetwork:
    network: str
    reason: str
    until: datetime | None = None
    force: bool = False


def block_network(command: BlockNetwork, store: Store) -> Receipt:
    """Block a network until a time, or for good.

    Raises:
        WouldLockOut: it holds the caller's own address, a loopback address or very many; `force` overrides.
        InvalidNetwork, BlockInThePast, TooManyBlocks: as they say.
    """
    permit(store, "BlockNetwork")
    network = network_of(command.network)
    reasons = tuple(_dangers(network, store.context.client.ip))
    if reasons and not command.force:
        raise WouldLockOut(f"this network {' and '.join(reasons)}", (("/network", reasons[0]),))
    policy = store.find(AccessPolicy, ACCESS_POLICY_ID) or AccessPolicy.open(store.now)
    policy.block(
        store.now,
        store.private_id("network", str(network)),
        str(network),
        reason=command.reason,
        until=command.until,
    )
    return store.save(policy)


def _dangers(network: Network, caller: object) -> Iterator[str]:
    own = address_of(str(caller))
    if own is not None and own in network:
        yield "holds your own address"
    if is_of_this_machine(network):
        yield "holds loopback addresses, from which the health is asked for"
    if network.prefixlen < _WIDEST[network.version]:
        yield f"is wider than a /{_WIDEST[network.version]}"
