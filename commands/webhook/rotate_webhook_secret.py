"""An administrator exchanges the secret of a webhook."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from countersign.aggregates.webhook.refusals import InvalidWebhook
from countersign.aggregates.webhook.subscription import WebhookSubscription
from countersign.commands.options import Options
from countersign.commands.permit import permit
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class RotateWebhookSecret:
    webhook_id: UUID
    overlap_s: int


def rotate_webhook_secret(
    command: RotateWebhookSecret, store: Store, options: Options, draw: Callable[[], str]
) -> Receipt:
    """Draw another secret; for the overlap each delivery is signed with both.

    Raises:
        NotFound, WebhookDeleted: there is none.
        InvalidWebhook: the overlap is too long.
    """
    permit(store, "RotateWebhookSecret")
    longest = options.webhook_overlap_max_s
    if not 0 <= command.overlap_s <= longest:
        raise InvalidWebhook("this overlap is too long", (("/overlap_s", f"0 to {longest} seconds"),))
    webhook = store.load(WebhookSubscription, command.webhook_id)
    webhook.rotate(store.now, draw(), timedelta(seconds=command.overlap_s))
    return store.save(webhook)
