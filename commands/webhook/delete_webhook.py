"""An administrator has an endpoint told nothing any more."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from countersign.aggregates.webhook.directory import DIRECTORY_ID, WebhookDirectory
from countersign.aggregates.webhook.subscription import WebhookSubscription
from countersign.commands.permit import permit
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteWebhook:
    webhook_id: UUID
    reason: str = ""


def delete_webhook(command: DeleteWebhook, store: Store) -> Receipt:
    """Drop what was kept for it; deleting it twice changes nothing.

    Raises:
        NotFound: there is none.
    """
    permit(store, "DeleteWebhook")
    webhook = store.load(WebhookSubscription, command.webhook_id)
    if webhook.deleted:
        return store.save()
    directory = store.load(WebhookDirectory, DIRECTORY_ID)
    webhook.delete(store.now, command.reason.strip())
    directory.strike(store.now, webhook.id)
    return store.save(webhook, directory)
