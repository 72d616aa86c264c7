"""Somebody who runs the machine has a delivery sent once more."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from countersign.aggregates.webhook.subscription import WebhookSubscription
from countersign.commands.permit import permit, responsible_account
from countersign.commands.webhook.delivery_to import delivery_to
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class ResendDelivery:
    """Whoever names the webhook means a delivery to that one, and no other."""

    delivery_id: UUID
    reason: str = ""
    webhook_id: UUID | None = None


def resend_delivery(command: ResendDelivery, store: Store) -> Receipt:
    """Send it under the same id and with all its attempts, whether it had arrived or was given up.

    Raises:
        NotFound: there is no such delivery.
        WebhookDeleted: there is nobody to send it to.
        DeliveryOpen: it is sent without that.
    """
    permit(store, "ResendDelivery")
    delivery = delivery_to(command.webhook_id, command.delivery_id, store)
    store.guard(WebhookSubscription, delivery.webhook).require_kept()
    delivery.resend(store.now, responsible_account(store), command.reason.strip())
    return store.save(delivery)
