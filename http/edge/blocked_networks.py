"""The blocked networks as a process knows them: at most a second old, without a query for each request."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import datetime
from ipaddress import ip_network
from threading import Lock
from typing import Final

from countersign.aggregates.access_policy import ACCESS_POLICY_ID, AccessPolicy, NetworkBlock
from countersign.aggregates.network import Network, address_of
from countersign.aggregates.root import Erased
from countersign.eventstore.aggregates import Aggregates
from countersign.eventstore.outage import DatabaseUnavailable

logger = logging.getLogger(__name__)

_FRESH_S: Final = 1.0
Blocks = dict[Network, NetworkBlock]


class BlockedNetworks:
    """Asks the log once a second at most, and only when somebody calls; an outage leaves what is known."""

    def __init__(
        self,
        aggregates: Aggregates,
        clock: Callable[[], datetime],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._aggregates = aggregates
        self._clock = clock
        self._monotonic = monotonic
        self._asking = Lock()
        self._asked_at: float | None = None
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
        if self._asked_at is not None and self._monotonic() - self._asked_at < _FRESH_S:
            return
        # At first all wait for the answer; later one asks and the others go by what is known.
        if not self._asking.acquire(blocking=self._asked_at is None):
            return
        try:
            if self._asked_at is None or self._monotonic() - self._asked_at >= _FRESH_S:
                self._ask()
        finally:
            self._asking.release()

    def _ask(self) -> None:
        try:
            policy = self._aggregates.find(AccessPolicy, ACCESS_POLICY_ID)
        except DatabaseUnavailable as away:
            logger.warning("blocked networks are as they were", extra={"reason": str(away)})
        else:
            if policy is not None and policy.version != self._version:
                self._take(policy)
        self._asked_at = self._monotonic()

    def _take(self, policy: AccessPolicy) -> None:
        known = (block for block in policy.blocks if not isinstance(block.network, Erased))
        blocks: Blocks = {ip_network(str(block.network)): block for block in known}
        # A reader between the two sees a length too many or too few, until the next request.
        self._blocks = blocks
        self._lengths = frozenset((network.version, network.prefixlen) for network in blocks)
        self._version = policy.version
