"""The duty that plans deliveries: one for each webhook that hears of an event."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from countersign.commands.webhook.queue_deliveries import QueueDeliveries, ToDeliver
from countersign.workers.course import Course
from countersign.workers.effect import Effect
from countersign.workers.failure import EffectFailed
from countersign.workers.issuer import Issuer
from countersign.workers.webhooks.matching import Matching


class PlanDeliveries:
    """One event at a time, in the order of the log, so that deliveries are planned in that order."""

    def __init__(self, matching: Matching, issuer: Issuer) -> None:
        self._matching = matching
        self._issuer = issuer

    def perform(self, effect: Effect, course: Course) -> None:
        """Plan them; those that are planned are left as they are."""
        stream, version = UUID(effect.payload["stream"]), int(effect.payload["version"])
        event_type = effect.payload["type"]
        wanted = tuple(
            ToDeliver(
                webhook=webhook,
                event_type=event_type,
                stream=stream,
                version=version,
                position=effect.position,
            )
            for webhook in self._matching.who_hears_of(event_type, stream, version, effect.position)
        )
        if wanted:
            self._issuer.issue(QueueDeliveries(wanted=wanted), effect)

    def failed(self, effect: Effect, failure: EffectFailed, retry_at: datetime | None) -> None:
        """The effect itself is the record: there is no delivery yet."""
