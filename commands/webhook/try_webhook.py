"""An administrator tries whether an endpoint is there."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from countersign.aggregates.webhook.delivery import WebhookDelivery, delivery_id
from countersign.aggregates.webhook.public_events import TEST
from countersign.aggregates.webhook.subscription import WebhookSubscription
from countersign.commands.permit import permit
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class TryWebhook:
    """`test_id` takes the place of the event's id."""

    webhook_id: UUID
    test_id: UUID


def try_webhook(command: TryWebhook, store: Store) -> Receipt:
    """Send it an event of the type `webhook.test`, once, also while it is paused.

    Raises:
        NotFound, WebhookDeleted: there is none.
    """
    permit(store, "TryWebhook")
    webhook = store.guard(WebhookSubscription, command.webhook_id)
    webhook.require_kept()
    if store.find(WebhookDelivery, delivery_id(webhook.id, command.test_id)) is not None:
        return store.save()
    delivery = WebhookDelivery.queue(
        store.now,
        webhook=webhook.id,
        event_id=command.test_id,
        event_type=TEST,
        source=webhook.id,
        source_version=webhook.version,
        position=0,
    )
    return store.save(delivery)
