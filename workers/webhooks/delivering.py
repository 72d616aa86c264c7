"""The duty that tells endpoints: at least once, under the id of the event."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from countersign.aggregates.rendering import FailureClass
from countersign.aggregates.root import Erased
from countersign.aggregates.webhook.delivery import DeliveryStatus, WebhookDelivery
from countersign.aggregates.webhook.refusals import DeliverySettled
from countersign.aggregates.webhook.subscription import WebhookSubscription
from countersign.aggregates.webhook.target_url import Target, target_of
from countersign.commands.webhook.abandon_delivery import AbandonDelivery
from countersign.commands.webhook.record_delivery_attempt import RecordDeliveryAttempt
from countersign.eventstore.aggregates import Aggregates
from countersign.workers.course import Course, NotYet
from countersign.workers.effect import Effect
from countersign.workers.failure import EffectFailed
from countersign.workers.issuer import Issuer
from countersign.workers.webhooks.address import NotToBeCalled, addresses_to_call
from countersign.workers.webhooks.occasions import Occasions
from countersign.workers.webhooks.options import WebhookOptions
from countersign.workers.webhooks.post import Reply, post
from countersign.workers.webhooks.retry_after import asked_pause_s
from countersign.workers.webhooks.signature import signed_headers

HELD_LOOK: Final = timedelta(minutes=10)
"""How often a delivery to a paused endpoint is looked at; to resume it hastens what waits."""
GIVEN_UP: Final = "all attempts failed: see `countersign webhooks delivery ID`"
_ALWAYS: Final[Mapping[str, str]] = {
    "Content-Type": "application/json",
    "User-Agent": "Countersign-Webhooks/1",
    "Connection": "close",
}


class Unreadable(Exception):
    """A secret or a header of the webhook was erased."""


class DeliverWebhook:
    """Sends the event if it is time, and records what came of it.

    A worker that is lost in between leaves no trace: another one sends the same again, under the same id.
    """

    def __init__(
        self,
        aggregates: Aggregates,
        occasions: Occasions,
        issuer: Issuer,
        options: WebhookOptions,
        clock: Callable[[], datetime],
        chance: Callable[[], float],
    ) -> None:
        self._aggregates = aggregates
        self._occasions = occasions
        self._issuer = issuer
        self._options = options
        self._clock = clock
        self._chance = chance

    def perform(self, effect: Effect, course: Course) -> None:
        """Send it unless it is settled; wait while its endpoint is paused or its next attempt is not due."""
        delivery = self._delivery(effect)
        if not delivery.is_open:
            return
        webhook = self._aggregates.find(WebhookSubscription, delivery.webhook)
        if webhook is None or webhook.deleted:
            self._abandon(effect, "there is no such webhook")
            return
        now = self._clock()
        _require_time(webhook, delivery, now)
        try:
            headers, body = self._message(webhook, delivery, now)
        except Unreadable as erased:
            self._abandon(effect, str(erased))
            return
        self._send(effect, target_of(webhook.url), headers, body)
        left = self._delivery(effect)
        if left.is_open and left.retry_at is not None:
            raise NotYet(left.retry_at)
        if left.status is DeliveryStatus.DEAD_LETTERED and not left.is_test:
            raise EffectFailed(FailureClass.VALIDATION, GIVEN_UP)  # operators are shown what was given up

    def failed(self, effect: Effect, failure: EffectFailed, retry_at: datetime | None) -> None:
        """What came of attempts is on record; what the queue gives up is given up there as well."""
        if retry_at is None:
            self._abandon(effect, failure.message)

    def _message(
        self, webhook: WebhookSubscription, delivery: WebhookDelivery, now: datetime
    ) -> tuple[Mapping[str, str], bytes]:
        secrets = [_readable(each) for each in webhook.secrets_at(now)]
        own = {each.name: _readable(each.value) for each in webhook.headers}
        body = self._occasions.body(delivery)
        return {**own, **_ALWAYS, **signed_headers(delivery.event_id, now, body, secrets)}, body

    def _send(self, effect: Effect, target: Target, headers: Mapping[str, str], body: bytes) -> None:
        began = time.perf_counter()
        try:
            addresses = addresses_to_call(target.host, target.port, self._options.allowed)
            reply = post(target, addresses, headers, body, self._options)
        except NotToBeCalled as refused:
            reply = Reply(0, str(refused))
        outcome = RecordDeliveryAttempt(
            delivery_id=_delivery_id(effect),
            worker=effect.holder,
            status=reply.status,
            duration_ms=round((time.perf_counter() - began) * 1000),
            error=reply.error,
            chance=self._chance(),
            asked_s=asked_pause_s(reply.retry_after, self._clock()),
        )
        with suppress(DeliverySettled):  # a person has cancelled it meanwhile
            self._issuer.insist(outcome, effect, step=f"{effect.fence}/attempt")

    def _abandon(self, effect: Effect, reason: str) -> None:
        command = AbandonDelivery(delivery_id=_delivery_id(effect), reason=reason)
        self._issuer.insist(command, effect, step=f"{effect.fence}/abandon")

    def _delivery(self, effect: Effect) -> WebhookDelivery:
        delivery = self._aggregates.find(WebhookDelivery, _delivery_id(effect))
        if delivery is None:
            raise EffectFailed(FailureClass.VALIDATION, f"there is no delivery {_delivery_id(effect)}")
        return delivery


def _require_time(webhook: WebhookSubscription, delivery: WebhookDelivery, now: datetime) -> None:
    if delivery.is_test:
        return
    tried_at = webhook.tried_at(now)
    if tried_at is None:
        raise NotYet(now + HELD_LOOK)
    due_at = max(tried_at, delivery.retry_at or tried_at)
    if due_at > now:
        raise NotYet(due_at)


def _readable(value: str | Erased) -> str:
    if isinstance(value, Erased):
        raise Unreadable("a secret of the webhook was erased: rotate it")
    return value


def _delivery_id(effect: Effect) -> UUID:
    return UUID(effect.payload["delivery_id"])
