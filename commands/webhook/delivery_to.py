"""Finds the delivery that somebody decides about."""

from __future__ import annotations

from uuid import UUID

from countersign.aggregates.webhook.delivery import WebhookDelivery
from countersign.eventstore.store import NotFound, Store


def delivery_to(webhook_id: UUID | None, delivery_id: UUID, store: Store) -> WebhookDelivery:
    """The delivery; where a webhook is named, one to that webhook.

    Raises:
        NotFound: there is none.
    """
    delivery = store.load(WebhookDelivery, delivery_id)
    if webhook_id not in (None, delivery.webhook):
        raise NotFound(f"there is no delivery with the id {delivery_id} to this webhook")
    return delivery
