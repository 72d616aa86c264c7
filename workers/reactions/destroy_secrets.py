"""What signed the deliveries to a deleted webhook is destroyed."""

from __future__ import annotations

from collections.abc import Sequence

from countersign.aggregates.webhook.subscription import WebhookSubscription
from countersign.eventstore.mapper import Happened
from countersign.workers.effect import Wanted
from countersign.workers.kinds import COMMANDS, DESTROY_SECRETS


def destroy_secrets(happened: Happened) -> Sequence[Wanted]:
    """WebhookDeleted: nothing is signed any more, and what waits is dropped without being opened."""
    if not isinstance(happened.event, WebhookSubscription.Deleted):
        return ()
    webhook_id = str(happened.stream)
    payload = {"webhook_id": webhook_id}
    return (Wanted(queue=COMMANDS, kind=DESTROY_SECRETS, target=webhook_id, payload=payload),)
