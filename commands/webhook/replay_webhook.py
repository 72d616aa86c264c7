"""An administrator has an endpoint told once more of what happened."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from countersign.aggregates.webhook.subscription import WebhookSubscription
from countersign.commands.permit import permit, responsible_account
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayWebhook:
    """Both positions are included."""

    webhook_id: UUID
    from_position: int
    to_position: int


def replay_webhook(command: ReplayWebhook, store: Store) -> Receipt:
    """Have what it hears of between two positions of the log sent to it, under the ids of the first time.

    Raises:
        NotFound, WebhookDeleted: there is none.
        InvalidReplay: there are no such positions.
    """
    permit(store, "ReplayWebhook")
    webhook = store.load(WebhookSubscription, command.webhook_id)
    webhook.replay(store.now, responsible_account(store), command.from_position, command.to_position)
    return store.save(webhook)
