"""Settings of the keys that programs use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from countersign.config.bounds import Between, Seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiClients:
    """How long a key may hold, and how its use is counted.

    After a rotation two keys hold for `overlap_max_s` at most. A creator is told `warn_days` before the end.
    Each process writes what it has counted every `usage_flush_s` seconds; after `usage_hours_kept_days` only
    the sum of each day is kept.
    """

    longest_days: Annotated[int, Between(1, 3_650)]
    overlap_max_s: Annotated[int, Between(0, 90 * 86_400)]
    warn_days: Annotated[int, Between(1, 365)]
    usage_flush_s: Seconds
    usage_hours_kept_days: Annotated[int, Between(1, 3_650)]
