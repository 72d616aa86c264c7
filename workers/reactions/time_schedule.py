"""A schedule has a timer for the next time at which it is due; when that fires, the next one is written."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from countersign.aggregates.schedule.schedule import Schedule
from countersign.eventstore.mapper import Happened
from countersign.workers.effect import Wanted
from countersign.workers.kinds import COMMANDS, FIRE_SCHEDULE


def time_schedule(happened: Happened) -> Sequence[Wanted]:
    """ScheduleCreated, ScheduleChanged, ScheduleResumed, ScheduleMissed, ScheduleFired: the next timer.

    None is taken back: that of a schedule which is due at another time, or never, does nothing when it comes.
    """
    due_at = _next_due_at(happened)
    if due_at is None:
        return ()
    payload = {"schedule_id": str(happened.stream), "due_at": due_at.isoformat()}
    return (Wanted(queue=COMMANDS, kind=FIRE_SCHEDULE, target="", payload=payload, due_at=due_at),)


def _next_due_at(happened: Happened) -> datetime | None:
    match happened.event:
        case Schedule.Created(next_due_at=due_at) | Schedule.Changed(next_due_at=due_at):
            return due_at
        case Schedule.Resumed(next_due_at=due_at):
            return due_at
        case Schedule.Missed(next_due_at=due_at) | Schedule.Fired(next_due_at=due_at, by=None):
            return due_at
    return None
