"""A worker tells what an endpoint answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from countersign.aggregates.root import Root
from countersign.aggregates.webhook.delivery import Attempt, WebhookDelivery
from countersign.aggregates.webhook.subscription import PausedBy, WebhookSubscription
from countersign.commands.permit import permit
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store

GONE: Final = 410
TOO_MANY: Final = 429


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordDeliveryAttempt:
    """A `status` of 0 means that there was no answer, an `error` that it was not taken.

    `chance`, from 0 to 1, spreads the next attempts; `asked_s` is the pause that the endpoint asked for.
    """

    delivery_id: UUID
    worker: str
    status: int
    duration_ms: int
    error: str = ""
    chance: float = 0.0
    asked_s: float | None = None


def record_delivery_attempt(command: RecordDeliveryAttempt, store: Store) -> Receipt:
    """Settle the delivery, or say when it is tried again; and note how its endpoint does.

    Raises:
        NotFound: there is no such delivery.
        DeliverySettled: another worker has settled it.
    """
    permit(store, "RecordDeliveryAttempt")
    delivery = store.load(WebhookDelivery, command.delivery_id)
    webhook = store.load(WebhookSubscription, delivery.webhook)
    attempt = Attempt(
        worker=command.worker,
        status=command.status,
        duration_ms=command.duration_ms,
        error=command.error,
    )
    if delivery.is_test:
        _settle_test(delivery, webhook, attempt, store)
    elif not attempt.error:
        delivery.record_arrival(store.now, attempt)
        webhook.note_arrival(store.now)
    else:
        _fail(delivery, webhook, attempt, command, store)
    changed: tuple[Root, ...] = (delivery, webhook)
    return store.save(*(each for each in changed if each.pending_events))


def _settle_test(
    delivery: WebhookDelivery, webhook: WebhookSubscription, attempt: Attempt, store: Store
) -> None:
    if attempt.error:
        delivery.record_failure(store.now, attempt, 0.0)
    else:
        delivery.record_arrival(store.now, attempt)
    webhook.note_test(store.now, delivery.id, attempt)


def _fail(
    delivery: WebhookDelivery,
    webhook: WebhookSubscription,
    attempt: Attempt,
    command: RecordDeliveryAttempt,
    store: Store,
) -> None:
    was_left_alone = webhook.paused_by is PausedBy.CIRCUIT
    if attempt.status == GONE:
        webhook.note_gone(store.now)
    elif attempt.status != TOO_MANY or was_left_alone:  # else: who asks to be sent less is there
        webhook.note_failure(store.now, attempt.error)
    if was_left_alone and webhook.probe_at is not None:
        delivery.record_vain_probe(store.now, attempt, webhook.probe_at)
        return
    asked = None if command.asked_s is None else timedelta(seconds=command.asked_s)
    delivery.record_failure(store.now, attempt, command.chance, asked)
