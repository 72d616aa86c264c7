"""What an endpoint that wants to be left alone asks for: `Retry-After` (RFC 9110 section 10.2.3)."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

LONGEST_S: Final = 86_400.0


def asked_pause_s(field: str, now: datetime) -> float | None:
    """The seconds that it names, or those until the time that it names; None when it says neither."""
    text = field.strip()
    if text.isascii() and text.isdigit():
        return min(LONGEST_S, float(text[:9]))
    try:
        until = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None
    at = until if until.tzinfo else until.replace(tzinfo=UTC)
    return min(LONGEST_S, max(0.0, (at - now).total_seconds()))
