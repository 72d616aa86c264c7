"""An administrator has an endpoint told of what happens here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from countersign.aggregates.root import DomainError
from countersign.aggregates.webhook.directory import DIRECTORY_ID, WebhookDirectory
from countersign.aggregates.webhook.subscription import WebhookSubscription
from countersign.aggregates.webhook.terms import Only, agreed_terms
from countersign.commands.options import Options
from countersign.commands.permit import permit, responsible_account
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


class WebhookExists(DomainError):
    """A webhook was registered under this id before."""

    code = "webhook_exists"


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterWebhook:
    webhook_id: UUID
    name: str
    url: str
    event_types: tuple[str, ...] = ()
    only: Only = field(default_factory=Only)
    headers: Mapping[str, str] = field(default_factory=dict)


def register_webhook(
    command: RegisterWebhook, store: Store, options: Options, draw: Callable[[], str]
) -> Receipt:
    """Draw its secret, which is shown once.

    Raises:
        InvalidWebhook: with pointers.
        TooManyWebhooks: delete another one first.
        WebhookExists: it was registered before.
    """
    permit(store, "RegisterWebhook")
    terms = agreed_terms(
        name=command.name,
        url=command.url,
        event_types=command.event_types,
        only=command.only,
        headers=command.headers,
        rules=options.webhook_urls,
    )
    if store.find(WebhookSubscription, command.webhook_id) is not None:
        raise WebhookExists("this webhook was registered before")
    directory = store.find(WebhookDirectory, DIRECTORY_ID) or WebhookDirectory.open(store.now)
    directory.enter(store.now, command.webhook_id)
    by = responsible_account(store)
    webhook = WebhookSubscription.register(command.webhook_id, store.now, terms, draw(), by)
    return store.save(webhook, directory)
