"""Somebody who runs the machine has a delivery not sent."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from countersign.commands.permit import permit, responsible_account
from countersign.commands.webhook.delivery_to import delivery_to
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelDelivery:
    """Whoever names the webhook means a delivery to that one, and no other."""

    delivery_id: UUID
    reason: str
    webhook_id: UUID | None = None


def cancel_delivery(command: CancelDelivery, store: Store) -> Receipt:
    """Have it not sent; what an endpoint is being told this very moment may still arrive.

    Raises:
        NotFound: there is no such delivery.
        DeliverySettled: it does not wait to be sent.
        ReasonRequired: none was given.
    """
    permit(store, "CancelDelivery")
    delivery = delivery_to(command.webhook_id, command.delivery_id, store)
    delivery.cancel(store.now, responsible_account(store), command.reason)
    return store.save(delivery)
