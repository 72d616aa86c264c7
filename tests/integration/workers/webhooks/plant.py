"""The plant with webhooks, and with a time that tests move for the workers as well."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from countersign.aggregates.webhook.delivery import WebhookDelivery
from countersign.aggregates.webhook.directory import WebhookDirectory
from countersign.aggregates.webhook.subscription import WebhookSubscription
from countersign.aggregates.webhook.target_url import UrlRules
from countersign.commands.catalogue import handlers
from countersign.commands.dispatch import Dispatcher
from countersign.commands.options import Options as CommandOptions
from countersign.commands.webhook.register_webhook import RegisterWebhook
from countersign.eventstore.databases import Databases
from countersign.eventstore.log import Log
from countersign.eventstore.open_store import open_store
from countersign.eventstore.store import EventStore
from countersign.eventstore.wakeups import Wakeups
from countersign.workers.equipment import Surroundings
from countersign.workers.kinds import COMMANDS, WEBHOOKS
from countersign.workers.options import Options, SmtpOptions
from countersign.workers.together import Part
from countersign.workers.webhooks.options import WebhookOptions
from countersign.workers.workforce import REACTIONS
from tests.integration.workers.plant import ALL, Plant, settings
from tests.unit.commands.documents.office import STORE

HERE = (ip_network("127.0.0.0/8"),)
WITH_WEBHOOKS = (*ALL, WebhookDelivery, WebhookDirectory, WebhookSubscription)
COMMAND_OPTIONS = CommandOptions(
    refresh_key=b"r" * 32,
    api_key_secret=b"a" * 32,
    one_time_key=b"o" * 32,
    second_factor_key=b"f" * 32,
    webhook_urls=UrlRules(clear_text=True, allowed=HERE),
)
NO_MAIL = SmtpOptions(host="127.0.0.1", port=9, from_address="c@example.org")


class WebhookPlant(Plant):
    """Runs reactions and the queues that webhooks need, and nothing else."""

    _ahead: timedelta | None = None

    def __init__(self, databases: Databases, log: Log, wakeups: Wakeups, folder: Path) -> None:
        super().__init__(databases, log, wakeups, folder)
        self.dispatcher = Dispatcher(handlers(COMMAND_OPTIONS), self.store, log, lambda: self.now)

    @property
    def now(self) -> datetime:
        """The time of this machine, ahead of which a test may go."""
        return datetime.now(UTC) + (self._ahead or timedelta(0))

    @now.setter
    def now(self, moment: datetime) -> None:
        self._ahead = timedelta(0) if self._ahead is None else moment - datetime.now(UTC)

    def another_store(self) -> EventStore:
        return open_store(self.databases, self.log, WITH_WEBHOOKS, STORE)

    def surroundings(self, holder: str) -> Surroundings:
        return replace(super().surroundings(holder), clock=lambda: self.now)

    def tellers(self, **options: Any) -> tuple[Part, ...]:
        """A worker that tells endpoints."""
        parts: Any = (REACTIONS, COMMANDS, WEBHOOKS)
        renderer: Any = None  # nothing is rendered here
        return self.worker(endpoint_settings(self.folder, **options), renderer, only=parts)

    def registered(self, url: str, **terms: Any) -> UUID:
        webhook_id = uuid4()
        self.give(RegisterWebhook(webhook_id=webhook_id, name="ERP", url=url, **terms), self.ada)
        return webhook_id

    def webhook(self, webhook_id: UUID) -> WebhookSubscription:
        return self.get(WebhookSubscription, webhook_id)

    def deliveries(self) -> list[WebhookDelivery]:
        queued = [each.stream for each in self.events() if isinstance(each.event, WebhookDelivery.Created)]
        return [self.get(WebhookDelivery, stream) for stream in queued]


def endpoint_settings(folder: Path, **options: Any) -> Options:
    called = WebhookOptions(**{"allowed": HERE, "timeout_s": 5.0, **options})
    return settings(folder, NO_MAIL, endpoints=called)
