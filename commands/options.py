"""What the command handlers need to be told by the composition root."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Limits and keys of the command layer.

    `refresh_key` signs refresh tokens; `mail_domain` ends each Message-ID; all times are in seconds.
    """

    refresh_key: bytes
    session_idle_s: int = 1800
    session_absolute_s: int = 43200
    reauthentication_window_s: int = 300
    mail_domain: str = "countersign.localdomain"
