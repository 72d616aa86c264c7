"""The schedule finds that due times of periodic work have passed without anybody seeing to them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import dropwhile

from countersign.aggregates.maintenance_job import MaintenanceJob, maintenance_id
from countersign.aggregates.periodic_work import MissedPolicy, PeriodicWork, periodic_work_id
from countersign.commands.permit import permit
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteMissedWork:
    """Due times in order; `anew` takes no notice of what a clock that was ahead has noted."""

    kind: str
    times: tuple[datetime, ...]
    policy: MissedPolicy
    anew: bool = False


def note_missed_work(command: NoteMissedWork, store: Store) -> Receipt:
    """Note them, but for those that a schedule which lost its role has seen to without saying so.

    Raises:
        NotedAhead: more was noted by a clock that was ahead, or who gives the command has been asleep.
    """
    permit(store, "NoteMissedWork")
    kind = command.kind
    work = store.find(PeriodicWork, periodic_work_id(kind)) or PeriodicWork.open(store.now, kind)
    known = work.noted_until(store.now, anew=command.anew)
    new = (time for time in command.times if known is None or time > known)
    # A due time is said only after all before it were said or noted, so those that were said come first.
    missed = dropwhile(lambda time: store.find(MaintenanceJob, maintenance_id(kind, time)) is not None, new)
    work.miss(store.now, tuple(missed), command.policy)
    return store.save(work)
