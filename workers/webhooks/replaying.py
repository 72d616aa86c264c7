"""The duty that has a stretch of the log told to a webhook once more."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from countersign.aggregates.webhook.public_events import PUBLIC
from countersign.aggregates.webhook.subscription import WebhookSubscription
from countersign.commands.webhook.queue_deliveries import QueueDeliveries, ToDeliver
from countersign.eventstore.aggregates import Aggregates
from countersign.eventstore.log import Log
from countersign.workers.course import Course, NotYet
from countersign.workers.effect import Effect
from countersign.workers.effects import Effects
from countersign.workers.failure import EffectFailed
from countersign.workers.issuer import Issuer
from countersign.workers.webhooks.matching import Matching

TYPES: Final[Mapping[str, str]] = {str(event.TOPIC): kind for event, kind in PUBLIC.items()}  # type: ignore[attr-defined]
MOST_WAITING: Final = 1000
PAUSE: Final = timedelta(seconds=5)


class ReplayEvents:
    """Plans the deliveries of a few positions; while many wait for the endpoint, it waits, too."""

    def __init__(
        self,
        aggregates: Aggregates,
        log: Log,
        matching: Matching,
        effects: Effects,
        issuer: Issuer,
        clock: Callable[[], datetime],
    ) -> None:
        self._aggregates = aggregates
        self._log = log
        self._matching = matching
        self._effects = effects
        self._issuer = issuer
        self._clock = clock

    def perform(self, effect: Effect, course: Course) -> None:
        """Plan them; what was planned by the same request before is left as it is."""
        webhook_id = UUID(effect.payload["webhook_id"])
        webhook = self._aggregates.find(WebhookSubscription, webhook_id)
        if webhook is None or webhook.deleted:
            return
        if self._effects.waiting_in(effect.payload["webhook_lane"]) > MOST_WAITING:
            raise NotYet(self._clock() + PAUSE)
        first, last = int(effect.payload["from_position"]), int(effect.payload["to_position"])
        if wanted := tuple(self._wanted(webhook, first, last)):
            self._issuer.issue(QueueDeliveries(wanted=wanted, again=True), effect)

    def failed(self, effect: Effect, failure: EffectFailed, retry_at: datetime | None) -> None:
        """The effect itself is the record."""

    def _wanted(self, webhook: WebhookSubscription, first: int, last: int) -> Iterator[ToDeliver]:
        for recorded in self._log.read(first - 1, last - first + 1):
            event_type = TYPES.get(recorded.topic)
            if event_type is None:
                continue
            if self._matching.hears_of(webhook, event_type, recorded.stream, recorded.version):
                yield ToDeliver(
                    webhook=webhook.id,
                    event_type=event_type,
                    stream=recorded.stream,
                    version=recorded.version,
                    position=recorded.position,
                )
