"""One event on its way to one endpoint: kept until it has arrived or is given up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Self
from uuid import UUID, uuid5

from countersign.aggregates.account_refusals import reasoned
from countersign.aggregates.root import Root
from countersign.aggregates.webhook.public_events import TEST
from countersign.aggregates.webhook.refusals import DeliveryOpen, DeliverySettled
from countersign.aggregates.webhook.retries import pause_after


class DeliveryStatus(StrEnum):
    """How far it has come. `dropped`: its webhook was deleted, or a person has cancelled it."""

    QUEUED = "queued"
    RETRYING = "retrying"
    SUCCEEDED = "succeeded"
    DEAD_LETTERED = "dead_lettered"
    DROPPED = "dropped"


LONGEST_ERROR: Final = 300
_OPEN: Final = frozenset({DeliveryStatus.QUEUED, DeliveryStatus.RETRYING})


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """What came of one call; a `status` of 0 means that there was no answer, an `error` that it failed."""

    worker: str
    status: int = 0
    duration_ms: int = 0
    error: str = ""


def delivery_id(webhook: UUID, event_id: UUID) -> UUID:
    """One delivery for one event and webhook, however often it is wanted."""
    return uuid5(webhook, str(event_id))


class WebhookDelivery(Root):
    """It carries the id of the event, so that who receives it twice knows it again.

    `attempts` counts those of the schedule, `tries` also those that only found out whether an endpoint which
    was left alone is there again.
    """

    TOPIC = "webhook_delivery"
    webhook: UUID
    event_id: UUID
    event_type: str
    source: UUID
    source_version: int
    position: int
    status: DeliveryStatus = DeliveryStatus.QUEUED
    attempts: int = 0
    tries: int = 0
    retry_at: datetime | None = None

    class Created(Root.Created):
        TOPIC = "webhook_delivery.queued"
        webhook: UUID
        event_id: UUID
        event_type: str
        source: UUID
        source_version: int
        position: int

    class Attempted(Root.Event):
        TOPIC = "webhook_delivery.attempted"
        attempt: int
        tried: int
        worker: str
        status: int
        duration_ms: int
        error: str
        retry_at: datetime | None

        def apply(self, delivery: WebhookDelivery) -> None:
            delivery.attempts, delivery.tries, delivery.retry_at = self.attempt, self.tried, self.retry_at
            delivery.status = DeliveryStatus.RETRYING

    class Succeeded(Root.Event):
        TOPIC = "webhook_delivery.succeeded"

        def apply(self, delivery: WebhookDelivery) -> None:
            delivery.status = DeliveryStatus.SUCCEEDED

    class DeadLettered(Root.Event):
        TOPIC = "webhook_delivery.dead_lettered"
        reason: str

        def apply(self, delivery: WebhookDelivery) -> None:
            delivery.status = DeliveryStatus.DEAD_LETTERED

    class Dropped(Root.Event):
        TOPIC = "webhook_delivery.dropped"
        reason: str

        def apply(self, delivery: WebhookDelivery) -> None:
            delivery.status = DeliveryStatus.DROPPED

    class Cancelled(Root.Event):
        TOPIC = "webhook_delivery.cancelled"
        webhook: UUID
        by: UUID
        reason: str

        def apply(self, delivery: WebhookDelivery) -> None:
            delivery.status = DeliveryStatus.DROPPED

    class Resent(Root.Event):
        TOPIC = "webhook_delivery.resent"
        webhook: UUID
        by: UUID
        reason: str

        def apply(self, delivery: WebhookDelivery) -> None:
            delivery.status = DeliveryStatus.QUEUED
            delivery.attempts, delivery.retry_at = 0, None

    @classmethod
    def queue(
        cls,
        at: datetime,
        *,
        webhook: UUID,
        event_id: UUID,
        event_type: str,
        source: UUID,
        source_version: int,
        position: int,
    ) -> Self:
        """Plan to tell an endpoint of an event."""
        return cls._create(
            cls.Created,
            id=delivery_id(webhook, event_id),
            timestamp=at,
            webhook=webhook,
            event_id=event_id,
            event_type=event_type,
            source=source,
            source_version=source_version,
            position=position,
        )

    def record_arrival(self, at: datetime, attempt: Attempt) -> None:
        """The endpoint took it.

        Raises:
            DeliverySettled: this is not awaited any more.
        """
        self._try(at, self.attempts + 1, attempt, None)
        self.trigger_event(self.Succeeded, timestamp=at)

    def record_failure(
        self, at: datetime, attempt: Attempt, chance: float, asked: timedelta | None = None
    ) -> None:
        """The endpoint did not take it: it is tried again by the schedule, or given up; a test at once.

        Raises:
            DeliverySettled: this is not awaited any more.
        """
        number = self.attempts + 1
        pause = None if self.is_test else pause_after(number, chance, asked)
        self._try(at, number, attempt, None if pause is None else at + pause)
        if pause is None:
            attempts = "1 attempt" if number == 1 else f"{number} attempts"
            reason = f"{attempts}, the last: {attempt.error}"
            self.trigger_event(self.DeadLettered, timestamp=at, reason=reason[:LONGEST_ERROR])

    def record_vain_probe(self, at: datetime, attempt: Attempt, probe_at: datetime) -> None:
        """An endpoint that was left alone is not there again yet: that counts against no delivery.

        Raises:
            DeliverySettled: this is not awaited any more.
        """
        self._try(at, self.attempts, attempt, probe_at)

    def give_up(self, at: datetime, reason: str) -> None:
        """It cannot be sent at all, and trying again would not help.

        Raises:
            DeliverySettled: this is not awaited any more.
        """
        self._require_open()
        self.trigger_event(self.DeadLettered, timestamp=at, reason=reason[:LONGEST_ERROR])

    def drop(self, at: datetime, reason: str) -> None:
        """There is nobody any more to whom it could be sent; dropping it twice changes nothing."""
        if self.is_open:
            self.trigger_event(self.Dropped, timestamp=at, reason=reason)

    def cancel(self, at: datetime, by: UUID, reason: str) -> None:
        """A person has it not sent; those behind it need not wait for it any more.

        Raises:
            DeliverySettled: it is not awaited any more.
            ReasonRequired: none was given.
        """
        self._require_open()
        why = reasoned(reason)
        self.trigger_event(self.Cancelled, timestamp=at, webhook=self.webhook, by=by, reason=why)

    def resend(self, at: datetime, by: UUID, reason: str) -> None:
        """Send it once more, with all its attempts and under the same id.

        Raises:
            DeliveryOpen: it is being sent anyway.
        """
        if self.is_open:
            raise DeliveryOpen(f"this delivery is {self.status}: it is sent without that")
        self.trigger_event(self.Resent, timestamp=at, webhook=self.webhook, by=by, reason=reason)

    @property
    def is_open(self) -> bool:
        """Whether it still has to be sent."""
        return self.status in _OPEN

    @property
    def is_test(self) -> bool:
        """Whether it only shows that the endpoint is there: one attempt, no retry."""
        return self.event_type == TEST

    def _try(self, at: datetime, number: int, attempt: Attempt, retry_at: datetime | None) -> None:
        self._require_open()
        self.trigger_event(
            self.Attempted,
            timestamp=at,
            attempt=number,
            tried=self.tries + 1,
            worker=attempt.worker,
            status=attempt.status,
            duration_ms=attempt.duration_ms,
            error=attempt.error[:LONGEST_ERROR],
            retry_at=retry_at,
        )

    def _require_open(self) -> None:
        if not self.is_open:
            raise DeliverySettled(f"this delivery is {self.status}")
