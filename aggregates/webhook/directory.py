"""The list of webhooks: what an event has to be compared with."""

from __future__ import annotations

from datetime import datetime
from typing import Final, Self
from uuid import UUID

from countersign.aggregates.root import Root, derived_id
from countersign.aggregates.webhook.refusals import TooManyWebhooks

DIRECTORY_ID: Final = derived_id("webhook_directory")
MOST_WEBHOOKS: Final = 200


class WebhookDirectory(Root):
    """The one list of webhooks that are not deleted, the oldest first."""

    TOPIC = "webhook_directory"
    webhooks: tuple[UUID, ...] = ()

    class Created(Root.Created):
        TOPIC = "webhook_directory.opened"

    class Listed(Root.Event):
        TOPIC = "webhook_directory.listed"
        webhook: UUID

        def apply(self, directory: WebhookDirectory) -> None:
            directory.webhooks = (*directory.webhooks, self.webhook)

    class Unlisted(Root.Event):
        TOPIC = "webhook_directory.unlisted"
        webhook: UUID

        def apply(self, directory: WebhookDirectory) -> None:
            directory.webhooks = tuple(each for each in directory.webhooks if each != self.webhook)

    @classmethod
    def open(cls, at: datetime) -> Self:
        """Start the list, once in the life of an installation."""
        return cls._create(cls.Created, id=DIRECTORY_ID, timestamp=at)

    def enter(self, at: datetime, webhook: UUID) -> None:
        """Compare events with this one, too.

        Raises:
            TooManyWebhooks: there are `MOST_WEBHOOKS` already.
        """
        if len(self.webhooks) >= MOST_WEBHOOKS:
            raise TooManyWebhooks(f"there are {MOST_WEBHOOKS} webhooks: delete one first")
        self.trigger_event(self.Listed, timestamp=at, webhook=webhook)

    def strike(self, at: datetime, webhook: UUID) -> None:
        """Compare events with this one no longer."""
        self.trigger_event(self.Unlisted, timestamp=at, webhook=webhook)
