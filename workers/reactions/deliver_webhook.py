"""A delivery that was planned, or that is wanted once more, is sent."""

from __future__ import annotations

from collections.abc import Sequence

from countersign.aggregates.webhook.delivery import WebhookDelivery
from countersign.aggregates.webhook.public_events import TEST
from countersign.eventstore.mapper import Happened
from countersign.workers.effect import Wanted
from countersign.workers.kinds import DELIVER_WEBHOOK, WEBHOOKS
from countersign.workers.webhooks.lanes import lane_of

FIRST = -1


def deliver_webhook(happened: Happened) -> Sequence[Wanted]:
    """DeliveryQueued, DeliveryResent: send it after those before it; a test waits for nobody."""
    event = happened.event
    if not isinstance(event, WebhookDelivery.Created | WebhookDelivery.Resent):
        return ()
    is_test = isinstance(event, WebhookDelivery.Created) and event.event_type == TEST
    delivery_id = str(happened.stream)
    return (
        Wanted(
            queue=WEBHOOKS,
            kind=DELIVER_WEBHOOK,
            target=delivery_id,
            payload={"delivery_id": delivery_id},
            priority=FIRST if is_test else 0,
            job=happened.stream,
            lane=None if is_test else lane_of(event.webhook),
        ),
    )
