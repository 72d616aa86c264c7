"""A worker has done periodic work of which the log hears only when there is something new to say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from countersign.aggregates.maintenance_job import MaintenanceJob, maintenance_id
from countersign.commands.permit import permit
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class TellQuietRun:
    """A run that is over."""

    kind: str
    due_at: datetime
    result: Mapping[str, str]


def tell_quiet_run(command: TellQuietRun, store: Store) -> Receipt:
    """Note the run together with its result, once for its kind and time."""
    permit(store, "TellQuietRun")
    known = store.find(MaintenanceJob, maintenance_id(command.kind, command.due_at))
    job = known or MaintenanceJob.due(store.now, command.kind, command.due_at)
    if job.is_over:
        return store.save()
    job.complete(store.now, command.result)
    return store.save(job)
