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
    """Due times in order, and what becomes of them."""

    kind: str
    times: tuple[datetime, ...]
    policy: MissedPolicy


def note_missed_work(command: NoteMissedWork, store: Store) -> Receipt:
    """Note them, but for those that a schedule which lost its role has seen to without saying so."""
    permit(store, "NoteMissedWork")
    kind = command.kind
    work = store.find(PeriodicWork, periodic_work_id(kind)) or PeriodicWork.open(store.now, kind)
    missed = tuple(
        dropwhile(
            lambda time: store.find(MaintenanceJob, maintenance_id(kind, time)) is not None,
            work.unnoted(command.times),
        )
    )
    work.miss(store.now, missed, command.policy)
    return store.save(work)
