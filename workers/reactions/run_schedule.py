"""A schedule that was fired is run."""

from __future__ import annotations

from collections.abc import Sequence

from countersign.aggregates.schedule.schedule import Schedule
from countersign.eventstore.mapper import Happened
from countersign.workers.effect import Wanted
from countersign.workers.kinds import MAINTENANCE, RUN_SCHEDULE


def run_schedule(happened: Happened) -> Sequence[Wanted]:
    """ScheduleFired: make what it tells of, and send it."""
    event = happened.event
    if not isinstance(event, Schedule.Fired):
        return ()
    payload = {"schedule_id": str(happened.stream), "run_id": str(event.run_id)}
    return (Wanted(queue=MAINTENANCE, kind=RUN_SCHEDULE, target="", payload=payload),)
