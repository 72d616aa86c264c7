"""What is done at a time is not done before it."""

from __future__ import annotations

import math
from datetime import datetime

from countersign.aggregates.root import DomainError


class NotDueYet(DomainError):
    """The time has not come, by the clock of whoever decides."""

    code = "not_due_yet"
    status = 503


def require_due(at: datetime, due_at: datetime) -> None:
    """Refuse to be early, as after a clock was set back.

    Raises:
        NotDueYet: with the time that is left.
    """
    if at < due_at:
        early = NotDueYet(f"this is due at {due_at.isoformat()}")
        early.retry_after_s = math.ceil((due_at - at).total_seconds())
        raise early
