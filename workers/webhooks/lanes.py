"""The lanes of deliveries: what is sent to one endpoint is sent in the order of the log."""

from __future__ import annotations

from typing import Final
from uuid import UUID

PLANNING: Final = "webhooks"


def lane_of(webhook: UUID) -> str:
    """In which its deliveries follow one another."""
    return f"webhook/{webhook}"


def replay_lane_of(webhook: UUID) -> str:
    """In which its replays follow one another."""
    return f"replay/{webhook}"
