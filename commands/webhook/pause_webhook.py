"""An administrator has nothing sent to an endpoint for now."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from countersign.aggregates.webhook.subscription import WebhookSubscription
from countersign.commands.permit import permit
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseWebhook:
    webhook_id: UUID
    reason: str = ""


def pause_webhook(command: PauseWebhook, store: Store) -> Receipt:
    """Keep what happens until it is resumed.

    Raises:
        NotFound, WebhookDeleted, WebhookPaused: see there.
    """
    permit(store, "PauseWebhook")
    webhook = store.load(WebhookSubscription, command.webhook_id)
    webhook.pause(store.now, command.reason.strip())
    return store.save(webhook)
