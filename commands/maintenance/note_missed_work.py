"""The schedule finds that due times of periodic work have passed without anybody seeing to them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from countersign.aggregates.periodic_work import MissedPolicy, PeriodicWork, periodic_work_id
from countersign.commands.permit import permit
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteMissedWork:
    kind: str
    first_due: datetime
    last_due: datetime
    count: int
    policy: MissedPolicy


def note_missed_work(command: NoteMissedWork, store: Store) -> Receipt:
    """Note it, and what becomes of them."""
    permit(store, "NoteMissedWork")
    work = store.find(PeriodicWork, periodic_work_id(command.kind)) or PeriodicWork.open(
        store.now, command.kind
    )
    work.miss(store.now, command.first_due, command.last_due, command.count, command.policy)
    return store.save(work)
