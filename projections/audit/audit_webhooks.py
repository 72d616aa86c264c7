"""What the audit log says of webhooks and of what was sent to them."""

from __future__ import annotations

from functools import singledispatch

from countersign.aggregates.root import Root
from countersign.aggregates.webhook.delivery import WebhookDelivery
from countersign.aggregates.webhook.subscription import PausedBy, WebhookSubscription


@singledispatch
def summary_of_webhooks(event: Root.Event) -> str | None:
    """The event in a sentence; None where it is of another kind."""
    return None


@summary_of_webhooks.register
def _(event: WebhookSubscription.Created) -> str:
    return f"Webhook {event.name} registered for {event.url}"


@summary_of_webhooks.register
def _(event: WebhookSubscription.Changed) -> str:
    return f"Webhook {event.name} changed, to {event.url}"


@summary_of_webhooks.register
def _(event: WebhookSubscription.SecretRotated) -> str:
    return f"Secret of the webhook exchanged (number {event.number})"


@summary_of_webhooks.register
def _(event: WebhookSubscription.Paused) -> str:
    return f"Webhook paused by {event.by}: {event.reason or 'no reason given'}"


@summary_of_webhooks.register
def _(event: WebhookSubscription.Resumed) -> str:
    return "Webhook resumed" if event.by is PausedBy.USER else "Webhook answers again"


@summary_of_webhooks.register
def _(event: WebhookSubscription.ReplayRequested) -> str:
    return f"Replay of positions {event.from_position} to {event.to_position} asked for"


@summary_of_webhooks.register
def _(event: WebhookDelivery.Created) -> str:
    return f"Delivery of {event.event_type} at position {event.position} planned"


@summary_of_webhooks.register
def _(event: WebhookDelivery.Attempted) -> str:
    return f"Attempt {event.tried} at the delivery: {event.error or event.status}"


@summary_of_webhooks.register
def _(event: WebhookDelivery.Cancelled) -> str:
    return f"Delivery cancelled: {event.reason}"


@summary_of_webhooks.register
def _(event: WebhookDelivery.DeadLettered) -> str:
    return f"Delivery given up after {event.reason}"
