"""How long something took."""

from __future__ import annotations

from datetime import datetime


def seconds_between(begun: datetime, ended: datetime) -> int:
    """Whole seconds, what is over left out; 0 when the clocks of two servers put the end first."""
    return max(0, int((ended - begun).total_seconds()))
