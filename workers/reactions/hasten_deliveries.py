"""What was kept for an endpoint is sent, or dropped, as soon as it can be."""

from __future__ import annotations

from collections.abc import Sequence

from countersign.aggregates.webhook.delivery import WebhookDelivery
from countersign.aggregates.webhook.subscription import WebhookSubscription
from countersign.eventstore.mapper import Happened
from countersign.workers.effect import Wanted
from countersign.workers.kinds import COMMANDS, HASTEN_DELIVERIES
from countersign.workers.webhooks.lanes import lane_of


def hasten_deliveries(happened: Happened) -> Sequence[Wanted]:
    """WebhookResumed, WebhookDeleted: look at what waits; DeliveryCancelled: at what waited behind it."""
    match happened.event:
        case WebhookSubscription.Resumed() | WebhookSubscription.Deleted():
            lane = lane_of(happened.stream)
        case WebhookDelivery.Cancelled(webhook=webhook):
            lane = lane_of(webhook)
        case _:
            return ()
    return (Wanted(queue=COMMANDS, kind=HASTEN_DELIVERIES, target=lane, payload={"lane": lane}),)
