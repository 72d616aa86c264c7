"""Finds the webhooks that hear of an event."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from uuid import UUID

from countersign.aggregates.webhook.directory import DIRECTORY_ID, WebhookDirectory
from countersign.aggregates.webhook.subscription import WebhookSubscription
from countersign.eventstore.aggregates import Aggregates
from countersign.eventstore.log import Log
from countersign.workers.webhooks.occasions import Occasions

MOST_REMEMBERED = 1000


def anybody_listens(aggregates: Aggregates) -> bool:
    """Whether there is any webhook at all: whoever comes later hears of later events only."""
    return bool(_listed(aggregates))


class Matching:
    """Compares events with what webhooks have asked for, as the log has it now."""

    def __init__(self, aggregates: Aggregates, log: Log, occasions: Occasions) -> None:
        self._aggregates = aggregates
        self._log = log
        self._occasions = occasions
        self._registered_at = lru_cache(MOST_REMEMBERED)(self._position_of)  # where it stands never changes

    def who_hears_of(self, event_type: str, stream: UUID, version: int, position: int) -> Iterator[UUID]:
        """The webhooks that were registered before the event and want it, the oldest first."""
        for webhook_id in _listed(self._aggregates):
            webhook = self._aggregates.find(WebhookSubscription, webhook_id)
            if webhook is None or self._registered_at(webhook_id) > position:
                continue
            if self.hears_of(webhook, event_type, stream, version):
                yield webhook_id

    def hears_of(self, webhook: WebhookSubscription, event_type: str, stream: UUID, version: int) -> bool:
        """Whether a webhook wants an event, whenever it was."""
        return webhook.hears_of(event_type) and webhook.only.takes(self._occasions.facts(stream, version))

    def _position_of(self, webhook_id: UUID) -> int:
        (registered,) = self._log.stream(webhook_id, up_to_version=1)
        return registered.position


def _listed(aggregates: Aggregates) -> tuple[UUID, ...]:
    directory = aggregates.find(WebhookDirectory, DIRECTORY_ID)
    return () if directory is None else directory.webhooks
