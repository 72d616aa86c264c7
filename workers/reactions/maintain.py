"""Periodic work that is due is done."""

from __future__ import annotations

from collections.abc import Sequence

from countersign.aggregates.maintenance_job import MaintenanceJob
from countersign.eventstore.mapper import Happened
from countersign.workers.effect import Wanted
from countersign.workers.kinds import MAINTAIN, MAINTENANCE, MONITORING

WATCHES = frozenset({"health_check", "certificate_check"})


def maintain(happened: Happened) -> Sequence[Wanted]:
    """MaintenanceDue: do it; to look after the service does not wait for what takes long."""
    event = happened.event
    if not isinstance(event, MaintenanceJob.Created):
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
