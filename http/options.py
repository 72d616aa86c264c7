"""What the API needs to be told by the composition root."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Limits of the API; sizes are in bytes, times in seconds."""

    version: str
    public_url: str
    max_body_bytes: int = 16 * 1024 * 1024
    min_position_wait_max_s: float = 5.0
    job_wait_max_s: float = 30.0
    docs_pages: bool = True
    trusted_proxies: int = 0
