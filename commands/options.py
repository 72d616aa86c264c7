"""What the command handlers need to be told by the composition root."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Limits and keys of the command layer.

    `refresh_key` signs refresh tokens, `api_key_secret` makes the keys of API clients; `mail_domain` ends
    each Message-ID; all times are in seconds.
    """

    refresh_key: bytes
    api_key_secret: bytes
    session_idle_s: int = 1800
    session_absolute_s: int = 43200
    reauthentication_window_s: int = 300
    mail_domain: str = "countersign.localdomain"
    features: frozenset[str] = frozenset()
    api_client_longest: timedelta = timedelta(days=365)
    api_key_overlap_max_s: int = 7 * 86_400
