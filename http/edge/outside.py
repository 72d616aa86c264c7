"""What stands around the gate, from the outside in; answers go back through it the other way."""

from __future__ import annotations

from typing import Any

from countersign.http.edge.automatic_block import AutomaticBlock
from countersign.http.edge.blocked_networks import BlockedNetworks
from countersign.http.edge.cors import Cors
from countersign.http.edge.network_policy import NetworkPolicy
from countersign.http.edge.options import EdgeOptions
from countersign.http.edge.peer import TrustedProxies
from countersign.http.rate_limits.counters import Counters
from countersign.http.rate_limits.plans import Plans
from countersign.http.rate_limits.rate_limits import RateLimits
from countersign.http.security_events.noting import Noting
from countersign.http.security_headers import SecurityHeaders
from countersign.http.services import Services
from countersign.http.trace import Trace


def surrounded(services: Services, options: EdgeOptions, max_body_bytes: int, *inside: Any) -> list[Any]:
    """The middleware of an app, of which the gate and its like are `inside`."""
    counters = Counters(options.redis_url, options.redis_prefix, options.redis_timeout_s)
    automatic_block = AutomaticBlock(options.automatic_block, counters, services.clock)
    return [
        Trace(
            max_body_bytes,
            TrustedProxies(options.trusted_proxies, options.trusted_networks),
            services.tracer,
        ),
        Cors(options.cors_origins),
        SecurityHeaders(),
        Noting(services.security_notes, automatic_block),
        NetworkPolicy(options, BlockedNetworks(services.aggregates, services.clock)),
        *inside,
        RateLimits(Plans(options.quotas, services.aggregates), counters),
    ]
