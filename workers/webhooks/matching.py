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

    def who_hears_of(self, event_type: str, stream: UUID, version: int, position: int) -> tuple[UUID, ...]:
        """The webhooks that were registered before the event and want it, the oldest first."""
        asking = [each for each in self._registered_before(position) if each.hears_of(event_type)]
        if not asking:
            return ()
        facts = self._occasions.facts(stream, version)  # once, however many ask
        return tuple(each.id for each in asking if each.only.takes(facts))

    def hears_of(self, webhook: WebhookSubscription, event_type: str, stream: UUID, version: int) -> bool:
        """Whether a webhook wants an event, whenever it was."""
        return webhook.hears_of(event_type) and webhook.only.takes(self._occasions.facts(stream, version))

    def _registered_before(self, position: int) -> Iterator[WebhookSubscription]:
        for webhook_id in _listed(self._aggregates):
            webhook = self._aggregates.find(WebhookSubscription, webhook_id)
            if webhook is not None and self._registered_at(webhook_id) <= position:
                yield webhook

    def _position_of(self, webhook_id: UUID) -> int:
        (registered,) = self._log.stream(webhook_id, up_to_version=1)
        return registered.position


def _listed(aggregates: Aggregates) -> tuple[UUID, ...]:
    directory = aggregates.find(WebhookDirectory, DIRECTORY_ID)
    return () if directory is None else directory.webhooks
