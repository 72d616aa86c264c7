"""An administrator has an endpoint told of something else, or somewhere else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from countersign.aggregates.webhook.subscription import WebhookSubscription
from countersign.aggregates.webhook.terms import Only, agreed_terms
from countersign.commands.options import Options
from countersign.commands.permit import permit
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeWebhook:
    """Without `headers` those that it has stay: nobody can read them to send them again."""

    webhook_id: UUID
    expected_version: int
    name: str
    url: str
    event_types: tuple[str, ...] = ()
    only: Only = field(default_factory=Only)
    headers: Mapping[str, str] | None = None


def change_webhook(command: ChangeWebhook, store: Store, options: Options) -> Receipt:
    """Give it other terms; its secret stays.

    Raises:
        NotFound, StaleVersion, WebhookDeleted: there is none, or another one than the caller has seen.
        InvalidWebhook: with pointers.
    """
    permit(store, "ChangeWebhook")
    webhook = store.load(WebhookSubscription, command.webhook_id, expected_version=command.expected_version)
    kept = {each.name: str(each.value) for each in webhook.headers}
    terms = agreed_terms(
        name=command.name,
        url=command.url,
        event_types=command.event_types,
        only=command.only,
        headers=kept if command.headers is None else command.headers,
        rules=options.webhook_urls,
    )
    webhook.change(store.now, terms)
    return store.save(webhook)
