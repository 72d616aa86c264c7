"""How many requests one caller has, and how many of them are left."""

from __future__ import annotations

import math
from dataclasses import dataclass

HOUR_S = 3600


@dataclass(frozen=True, slots=True)
class Quota:
    """`limit` requests in any `window_s` seconds for each caller."""

    name: str
    limit: int
    window_s: int = HOUR_S


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a caller stands: whether this request was within the quota, and when there is more."""

    quota: Quota
    allowed: bool
    remaining: int
    reset_s: float

    @property
    def wait_s(self) -> int:
        """Whole seconds until there is more, one at least."""
        return max(1, math.ceil(self.reset_s))
