"""What a person does not want done any more is not done."""

from __future__ import annotations

from collections.abc import Sequence

from countersign.aggregates.email_message import EmailMessage
from countersign.aggregates.maintenance_job import MaintenanceJob
from countersign.aggregates.rendering import Rendering
from countersign.aggregates.webhook.delivery import WebhookDelivery
from countersign.eventstore.mapper import Happened
from countersign.workers.effect import Wanted
from countersign.workers.kinds import CALL_OFF, COMMANDS

FIRST = -1


def call_off(happened: Happened) -> Sequence[Wanted]:
    """What was cancelled or laid aside, and a mail that was let be: take it off the queue."""
    event = happened.event
    if not isinstance(
        event,
        Rendering.Cancelled
        | Rendering.Discarded
        | MaintenanceJob.Cancelled
        | MaintenanceJob.Discarded
        | EmailMessage.Resolved
        | WebhookDelivery.Cancelled,
    ):
        return ()
    if isinstance(event, EmailMessage.Resolved) and event.resent:
        return ()
    payload = {"job_id": str(happened.stream), "by": str(event.by)}
    target = str(happened.stream)
    return (Wanted(queue=COMMANDS, kind=CALL_OFF, target=target, payload=payload, priority=FIRST),)
