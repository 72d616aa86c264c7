"""What the edge of the API needs to be told by the composition root."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotaOptions:
    """Requests an hour, by who calls and by what is asked for."""

    anonymous: int = 1_000_000
    user: int = 1_000_000
    administrator: int = 1_000_000
    api_key: int = 1_000_000
    log_in: int = 1_000_000
    registration: int = 1_000_000
    password_reset: int = 1_000_000
    one_time_code: int = 1_000_000
    refresh: int = 1_000_000
    probe: int = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class AutomaticBlockOptions:
    """A network that is refused more than `refusals` times in `window_s` is blocked for `block_s` seconds.

    0 refusals: never.
    """

    refusals: int = 0
    window_s: int = 600
    block_s: int = 900


@dataclass(frozen=True, slots=True, kw_only=True)
class EdgeOptions:
    """Whom the API believes, answers and counts.

    `trusted_proxies` hops of X-Forwarded-For are believed (0: as many as are named), from
    `trusted_networks` only if there are any; `client_certificate_header` from there alone. No `allowed_hosts`
    means any. `redis_url` is where is counted.
    """

    trusted_proxies: int = 0
    trusted_networks: tuple[str, ...] = ()
    client_certificate_header: str = ""
    allowed_hosts: tuple[str, ...] = ()
    refuse_bare_ip_hosts: bool = False
    require_https: bool = False
    cors_origins: tuple[str, ...] = ()
    redis_url: str = field(default="", repr=False)
    redis_prefix: str = "countersign"
    redis_timeout_s: float = 0.25
    quotas: QuotaOptions = field(default_factory=QuotaOptions)
    automatic_block: AutomaticBlockOptions = field(default_factory=AutomaticBlockOptions)
