"""The blocked networks as a process knows them: at most a second old, without a query for each request."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from ipaddress import ip_network

from countersign.aggregates.access_policy import ACCESS_POLICY_ID, AccessPolicy, NetworkBlock
from countersign.aggregates.network import Network, address_of
from countersign.aggregates.root import Erased
from countersign.eventstore.aggregates import Aggregates
from countersign.eventstore.watched import Watched

Blocks = dict[Network, NetworkBlock]


class BlockedNetworks:
    """Asks the log once a second at most, and only when somebody calls; an outage leaves what is known."""

    def __init__(
        self,
        aggregates: Aggregates,
        clock: Callable[[], datetime],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._policy = Watched(aggregates, AccessPolicy, ACCESS_POLICY_ID, monotonic)
        self._clock = clock
        self._version = 0
        self._blocks: Blocks = {}
        self._lengths: frozenset[tuple[int, int]] = frozenset()

    def holds(self, ip: str) -> bool:
        """Whether nobody from this address may call."""
        self._refresh()
        if not self._blocks or (address := address_of(ip)) is None:
            return False
        now = self._clock()
        for version, length in self._lengths:
            if version != address.version:
                continue
            block = self._blocks.get(ip_network((address, length), strict=False))
            if block is not None and block.holds(now):
                return True
        return False

    def _refresh(self) -> None:
        policy = self._policy.known()
        if policy is not None and policy.version != self._version:
            self._take(policy)

    def _take(self, policy: AccessPolicy) -> None:
        known = (block for block in policy.blocks if not isinstance(block.network, Erased))
        blocks: Blocks = {ip_network(str(block.network)): block for block in known}
        # A reader between the two sees a length too many or too few, until the next request.
        self._blocks = blocks
        self._lengths = frozenset((network.version, network.prefixlen) for network in blocks)
        self._version = policy.version
