"""An administrator has an endpoint told again, of what was kept for it as well."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from countersign.aggregates.webhook.subscription import WebhookSubscription
from countersign.commands.permit import permit
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeWebhook:
    webhook_id: UUID


def resume_webhook(command: ResumeWebhook, store: Store) -> Receipt:
    """Go on, whoever paused it.

    Raises:
        NotFound, WebhookDeleted, WebhookNotPaused: see there.
    """
    permit(store, "ResumeWebhook")
    webhook = store.load(WebhookSubscription, command.webhook_id)
    webhook.resume(store.now)
    return store.save(webhook)
