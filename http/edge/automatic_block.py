"""A network that keeps being refused is not listened to for a while."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from countersign.commands.access_policy.block_attacking_network import BlockAttackingNetwork
from countersign.http.edge.options import AutomaticBlockOptions
from countersign.http.edge.peer import UNKNOWN, Peer
from countersign.http.rate_limits.counters import Counters
from countersign.http.rate_limits.quota import Quota

_MOST_REMEMBERED: Final = 1_000
_ASKED_AGAIN: Final = timedelta(seconds=10)


class AutomaticBlock:
    """Counts refusals as requests are counted, and says when there were too many: once for each network.

    Never of a proxy of ours: that would be everybody behind it.
    """

    def __init__(
        self, options: AutomaticBlockOptions, counters: Counters, clock: Callable[[], datetime]
    ) -> None:
        self._options = options
        self._quota = Quota("refused", options.refusals, options.window_s)
        self._counters = counters
        self._clock = clock
        self._asked_for: dict[str, datetime] = {}

    def after_refusal(self, peer: Peer) -> BlockAttackingNetwork | None:
        """What is to be done about a network from which a stranger was refused just now."""
        network = peer.network
        if not self._options.refusals or peer.is_proxy or network == UNKNOWN:
            return None
        if self._counters.hit(self._quota, network).allowed or self._is_asked_for(network):
            return None
        return BlockAttackingNetwork(
            network=network,
            reason=f"more than {self._quota.limit} requests were refused in {self._quota.window_s} s",
            until=self._clock() + timedelta(seconds=self._options.block_s),
        )

    def _is_asked_for(self, network: str) -> bool:
        now = self._clock()
        if now < self._asked_for.get(network, now):
            return True
        if len(self._asked_for) >= _MOST_REMEMBERED:
            self._asked_for = {}
        self._asked_for[network] = now + _ASKED_AGAIN
        return False
