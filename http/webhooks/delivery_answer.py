"""A delivery as the API shows it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Self
from uuid import UUID

from countersign.aggregates.webhook.delivery import DeliveryStatus, WebhookDelivery
from countersign.http.answers import Answer
from countersign.http.staleness import Item
from countersign.projections.work.webhook_deliveries_queries import AttemptMade, Delivery


class DeliveryAnswer(Item):
    """One event for one endpoint; `event_id` is what it carries as `webhook-id`.

    `status` is that of the last answer, 0 when there was none; `why` tells why it was given up or sent again.
    """

    HANGS_ON = ("id",)
    id: UUID
    webhook_id: UUID
    event_id: UUID
    event_type: str
    position: int
    state: DeliveryStatus
    attempts: int
    status: int | None = None
    error: str | None = None
    why: str | None = None
    next_at: datetime | None = None
    queued_at: datetime
    attempted_at: datetime | None = None
    settled_at: datetime | None = None

    @classmethod
    def of(cls, row: Delivery) -> Self:
        """A delivery from the read tables."""
        return cls(
            id=row.delivery_id,
            webhook_id=row.webhook_id,
            event_id=row.event_id,
            event_type=row.event_type,
            position=row.position,
            state=DeliveryStatus(row.state),
            attempts=row.attempts,
            status=row.status,
            error=row.error,
            why=row.why,
            next_at=row.next_at,
            queued_at=row.queued_at,
            attempted_at=row.attempted_at,
            settled_at=row.settled_at,
        )

    @classmethod
    def of_log(cls, delivery: WebhookDelivery) -> Self:
        """A delivery from the log: before the read tables know of it."""
        return cls(
            id=delivery.id,
            webhook_id=delivery.webhook,
            event_id=delivery.event_id,
            event_type=delivery.event_type,
            position=delivery.position,
            state=delivery.status,
            attempts=delivery.tries,
            next_at=delivery.retry_at,
            queued_at=delivery.created_on,
        )


class AttemptAnswer(Answer):
    """One call of the endpoint; a `status` of 0 means that there was no answer."""

    number: int
    at: datetime
    worker: str
    status: int
    duration_ms: int
    error: str


class OneDeliveryAnswer(DeliveryAnswer):
    """A delivery and all attempts at it."""

    log: list[AttemptAnswer]

    @classmethod
    def with_attempts(cls, told: DeliveryAnswer, attempts: Sequence[AttemptMade]) -> Self:
        """A delivery with what is known of its attempts."""
        return cls(**told.model_dump(), log=[AttemptAnswer.model_validate(each) for each in attempts])


class DeliveriesAnswer(Answer):
    """A page of deliveries, the newest first."""

    items: list[DeliveryAnswer]
    next_cursor: str | None
