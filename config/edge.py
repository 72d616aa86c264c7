"""Settings of the edge: whom the API believes, answers, counts and keeps out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from countersign.config.bounds import Between, Matching, WholeSeconds

AllowedHost = Annotated[
    str, Matching(r"[A-Za-z0-9._\-]{1,253}(:[0-9]{1,5})?|\[[0-9A-Fa-f:.]+\]", "a host name")
]
Origin = Annotated[
    str, Matching(r"https?://[a-z0-9.\-]+(:[0-9]{1,5})?", "an origin, such as https://example.com")
]
TrustedNetwork = Annotated[str, Matching(r"[0-9A-Fa-f:.]+(/[0-9]{1,3})?", "a network, such as 10.0.0.0/8")]
HeaderOrNone = Annotated[
    str,
    Matching(
        r"([A-Za-z][A-Za-z0-9\-]{0,63})?", "the name of a header, such as X-Client-Certificate, or empty"
    ),
]
PerHour = Annotated[int, Between(1, 10_000_000)]


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLimits:
    """Requests that are answered in any hour, by who calls: a network, a person, an API client.

    Some addresses have a number of their own, which counts besides the caller's; that of `refresh_per_hour`
    and of `probe_per_hour` (`/readyz`, `/metrics`) counts alone.
    """

    anonymous_per_hour: PerHour
    user_per_hour: PerHour
    administrator_per_hour: PerHour
    api_key_per_hour: PerHour
    log_in_per_hour: PerHour
    registration_per_hour: PerHour
    password_reset_per_hour: PerHour
    one_time_code_per_hour: PerHour
    refresh_per_hour: PerHour
    probe_per_hour: PerHour


@dataclass(frozen=True, slots=True, kw_only=True)
class AutomaticBlock:
    """After more than `refusals` of strangers in `window_s` their network is kept out; 0: never."""

    refusals: Annotated[int, Between(0, 1_000_000)]
    window_s: WholeSeconds
    block_s: WholeSeconds
