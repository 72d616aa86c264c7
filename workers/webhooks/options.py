"""How endpoints are called."""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field

from countersign.aggregates.network import Network


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookOptions:
    """`allowed` are networks that may be called though they are not open; of an answer no more is read."""

    allowed: tuple[Network, ...] = ()
    connect_s: float = 5.0
    timeout_s: float = 15.0
    answer_max_bytes: int = 65_536
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context)
