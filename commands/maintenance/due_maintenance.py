"""The schedule says that a piece of periodic work is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from countersign.aggregates.maintenance_job import MaintenanceJob, maintenance_id
from countersign.aggregates.periodic_work import PeriodicWork, periodic_work_id
from countersign.commands.permit import permit
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class DueMaintenance:
    """Due times come one after the other; `anew` takes no notice of what a clock that was ahead has noted."""

    kind: str
    due_at: datetime
    anew: bool = False


def due_maintenance(command: DueMaintenance, store: Store) -> Receipt:
    """Note the job, once for its kind and time, unless it was noted that nobody saw to it in time.

    Raises:
        NotedAhead: it was noted by a clock that was ahead, or who gives the command has been asleep.
    """
    permit(store, "DueMaintenance")
    if store.find(MaintenanceJob, maintenance_id(command.kind, command.due_at)) is not None:
        return store.save()
    if _was_missed(command, store):
        return store.save()
    return store.save(MaintenanceJob.due(store.now, command.kind, command.due_at))


def _was_missed(command: DueMaintenance, store: Store) -> bool:
    work = store.guard_or_none(PeriodicWork, periodic_work_id(command.kind))
    if work is None or work.missed_until is None or command.due_at > work.missed_until:
        return False
    return work.noted_until(store.now, anew=command.anew) is not None
