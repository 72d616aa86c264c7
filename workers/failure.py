"""How an effect can fail, and when it is worth another attempt."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType

from countersign.aggregates.rendering import FailureClass
from countersign.workers.options import QueueOptions

ATTEMPTS_AT_MOST: Mapping[str, int] = MappingProxyType({FailureClass.VALIDATION: 1, FailureClass.UNKNOWN: 2})
WINDOW_S = 60.0
"""Most who limit a rate count within a minute."""


class EffectFailed(Exception):
    """An effect could not be brought about, for a reason of a known class.

    `retry_after` is how long to wait before the next attempt, where somebody has said so.
    """

    def __init__(self, failure_class: str, message: str, retry_after: timedelta | None = None) -> None:
        super().__init__(message)
        self.failure_class = failure_class
        self.retry_after = retry_after
        # No database takes half a surrogate pair as text, and PostgreSQL no NUL.
        self.message = message.encode(errors="replace").decode().replace("\0", "\N{REPLACEMENT CHARACTER}")


def pause_before_retry(
    options: QueueOptions, failure: EffectFailed, attempt: int, chance: float
) -> timedelta | None:
    """How long to wait after that attempt (the first is 1) has failed; None when it was the last.

    The pause doubles with each attempt; `chance`, from 0 to 1, decides its second half, so that effects which
    failed together are not tried again together. What was told to wait waits as long as it was told, and no
    longer than the longest pause; what was too much for somebody waits for a whole window of theirs.
    """
    most = min(options.max_attempts, ATTEMPTS_AT_MOST.get(failure.failure_class, options.max_attempts))
    if attempt >= most:
        return None
    cap = timedelta(seconds=options.backoff_cap_s)
    if failure.retry_after is not None:
        return min(cap, max(timedelta(0), failure.retry_after))
    longest = min(options.backoff_cap_s, options.backoff_base_s * 2 ** (attempt - 1))
    if failure.failure_class == FailureClass.RATE_LIMITED:
        return min(cap, timedelta(seconds=WINDOW_S + longest * chance))
    return timedelta(seconds=longest * (1 + chance) / 2)
