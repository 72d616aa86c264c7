"""Periodic work that is due is done."""

from __future__ import annotations

from collections.abc import Sequence

from countersign.aggregates.maintenance_job import MaintenanceJob
from countersign.eventstore.mapper import Happened
from countersign.workers.effect import Wanted
from countersign.workers.kinds import MAINTAIN, MAINTENANCE, MONITORING, WATCHES


def maintain(happened: Happened) -> Sequence[Wanted]:
    """MaintenanceDue, MaintenanceRetried: do it; to look after the service never waits for long work."""
    event = happened.event
    if not isinstance(event, MaintenanceJob.Created | MaintenanceJob.Retried):
        return ()
    payload = {"job_id": str(happened.stream), "kind": event.kind}
    return (
        Wanted(
            queue=MONITORING if event.kind in WATCHES else MAINTENANCE,
            kind=MAINTAIN,
            target=str(happened.stream),
            payload=payload,
            job=happened.stream,
        ),
    )
