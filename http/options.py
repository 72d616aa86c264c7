"""What the API needs to be told by the composition root."""

from __future__ import annotations

from dataclasses import dataclass, field

from countersign.aggregates.role import Role
from countersign.http.edge.options import EdgeOptions


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Limits of the API; sizes are in bytes, times in seconds.

    `waiting_max` requests of a process may wait at once, so that others find a thread. A new signing key is
    published `signing_key_lead_s` before it signs; that a browser is still there is noted every
    `session_seen_every_s`. `totp_issuer` is what authenticators call the service.
    """

    version: str
    public_url: str
    max_body_bytes: int = 16 * 1024 * 1024
    min_position_wait_max_s: float = 5.0
    job_wait_max_s: float = 30.0
    waiting_max: int = 8
    edge: EdgeOptions = field(default_factory=EdgeOptions)
    totp_required_roles: frozenset[Role] = frozenset()
    totp_issuer: str = "Countersign"
    signing_key_lead_s: int = 300
    session_seen_every_s: float = 300
