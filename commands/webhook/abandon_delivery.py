"""A worker finds that a delivery cannot be sent at all."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from countersign.aggregates.webhook.delivery import WebhookDelivery
from countersign.aggregates.webhook.subscription import WebhookSubscription
from countersign.commands.permit import permit
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class AbandonDelivery:
    delivery_id: UUID
    reason: str


def abandon_delivery(command: AbandonDelivery, store: Store) -> Receipt:
    """Drop it when its webhook was deleted, else give it up; what is settled is left as it is.

    Raises:
        NotFound: there is no such delivery.
    """
    permit(store, "AbandonDelivery")
    delivery = store.load(WebhookDelivery, command.delivery_id)
    webhook = store.guard(WebhookSubscription, delivery.webhook)
    if not delivery.is_open:
        return store.save()
    if webhook.deleted:
        delivery.drop(store.now, "the webhook was deleted")
    else:
        delivery.give_up(store.now, command.reason)
    return store.save(delivery)
