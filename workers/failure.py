"""How an effect can fail, and when it is worth another attempt."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType

from countersign.aggregates.rendering import FailureClass
from countersign.workers.options import QueueOptions

ATTEMPTS_AT_MOST: Mapping[str, int] = MappingProxyType({FailureClass.VALIDATION: 1, FailureClass.UNKNOWN: 2})


class EffectFailed(Exception):
    """An effect could not be brought about, for a reason of a known class."""

    def __init__(self, failure_class: str, message: str) -> None:
        super().__init__(message)
        self.failure_class = failure_class
        # No database takes half a surrogate pair as text, and PostgreSQL no NUL.
        self.message = message.encode(errors="replace").decode().replace("\0", "\N{REPLACEMENT CHARACTER}")


def pause_before_retry(
    options: QueueOptions, failure_class: str, attempt: int, chance: float
) -> timedelta | None:
    """How long to wait after that attempt (the first is 1) has failed; None when it was the last.

    The pause doubles with each attempt; `chance`, from 0 to 1, decides its second half, so that effects which
    failed together are not tried again together.
    """
    if attempt >= min(options.max_attempts, ATTEMPTS_AT_MOST.get(failure_class, options.max_attempts)):
        return None
    longest = min(options.backoff_cap_s, options.backoff_base_s * 2 ** (attempt - 1))
    return timedelta(seconds=longest * (1 + chance) / 2)
