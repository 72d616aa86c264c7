"""A worker has found whom an event concerns."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from countersign.aggregates.root import event_id
from countersign.aggregates.webhook.delivery import WebhookDelivery, delivery_id
from countersign.aggregates.webhook.subscription import WebhookSubscription
from countersign.commands.permit import permit
from countersign.eventstore.context import SYSTEM
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store

REPLAYED = "replayed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ToDeliver:
    """One event for one webhook."""

    webhook: UUID
    event_type: str
    stream: UUID
    version: int
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueDeliveries:
    """With `again`, what has arrived or was given up before is sent once more."""

    wanted: tuple[ToDeliver, ...]
    again: bool = False


def queue_deliveries(command: QueueDeliveries, store: Store) -> Receipt:
    """Plan them in the order given; those that are planned, and those for nobody, are passed over."""
    permit(store, "QueueDeliveries")
    changed = (_planned(each, store, again=command.again) for each in command.wanted)
    return store.save(*(delivery for delivery in changed if delivery is not None))


def _planned(wanted: ToDeliver, store: Store, *, again: bool) -> WebhookDelivery | None:
    webhook = store.guard_or_none(WebhookSubscription, wanted.webhook)
    if webhook is None or webhook.deleted:
        return None
    event = event_id(wanted.stream, wanted.version)
    known = store.find(WebhookDelivery, delivery_id(webhook.id, event))
    if known is not None:
        if known.is_open or not again:
            return None
        known.resend(store.now, SYSTEM, REPLAYED)
        return known
    return WebhookDelivery.queue(
        store.now,
        webhook=webhook.id,
        event_id=event,
        event_type=wanted.event_type,
        source=wanted.stream,
        source_version=wanted.version,
        position=wanted.position,
    )
