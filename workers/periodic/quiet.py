"""Periodic work of which the log of events hears only when there is something new to say."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final
from uuid import uuid4

from countersign.aggregates.maintenance_job import maintenance_id
from countersign.workers.effect import Cause, Wanted
from countersign.workers.kinds import MAINTENANCE, MONITORING, QUIET_RUN, WATCHES

QUIET: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "health_check": ("unwell",),
        "metrics_samples": (),
        "api_usage_roll_up": (),
        "mail_digest": ("digests", "news"),
        "log_backup": (),
    }
)
"""The kinds, and what of a result is news when it changes. What a run does besides has events of its own."""
TOLD_ANEW: Final = timedelta(days=1)
"""After so long the log hears of a kind, also without news."""
_NO_EVENT: Final = 0


def quiet_run(kind: str, due_at: datetime, now: datetime) -> tuple[Wanted, Cause]:
    """The run that is due then: the same however often it is wanted."""
    run = maintenance_id(kind, due_at)
    wanted = Wanted(
        queue=MONITORING if kind in WATCHES else MAINTENANCE,
        kind=QUIET_RUN,
        target=kind,
        payload={"kind": kind, "due_at": due_at.isoformat()},
        job=run,
    )
    cause = Cause(
        reaction="schedule",
        event_id=run,
        position=_NO_EVENT,
        correlation=str(uuid4()),
        recorded_at=now,
    )
    return wanted, cause
