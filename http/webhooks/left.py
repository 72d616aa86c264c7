"""Gives commands about webhooks, and answers with what they have left."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from falcon import Request, Response

from countersign.aggregates.root import Erased
from countersign.aggregates.webhook.subscription import WebhookSubscription
from countersign.eventstore.receipt import Receipt
from countersign.http.calls import answer_receipt, as_left, call_of
from countersign.http.preconditions import tag_version
from countersign.http.reports.people import People
from countersign.http.services import Services
from countersign.http.webhooks.webhook_answer import NewSecretAnswer, WebhookAnswer, told_of

_SHOWN_FOR: Final = timedelta(minutes=10)


def give(services: Services, req: Request, command: Any) -> Receipt:
    """Have a command decided; who repeats one must still be signed in.

    Raises:
        DomainError: it is refused.
    """
    receipt = services.dispatch(command, call_of(req).context)
    if receipt.repeated:
        services.sessions.current(req.context.claims, services.clock())
    return receipt


def answer_webhook(services: Services, resp: Response, webhook_id: UUID, receipt: Receipt) -> WebhookAnswer:
    """The webhook as the command of a receipt has left it."""
    return WebhookAnswer.model_validate(_left(services, resp, webhook_id, receipt)[1])


def answer_new_secret(
    services: Services, resp: Response, webhook_id: UUID, receipt: Receipt
) -> NewSecretAnswer:
    """The same with the secret that the command has drawn: the only time that it is shown."""
    webhook, told = _left(services, resp, webhook_id, receipt)
    resp.set_header("Cache-Control", "no-store")
    shown = services.clock() - webhook.modified_on <= _SHOWN_FOR and not isinstance(webhook.secret, Erased)
    return NewSecretAnswer.model_validate({**told, "secret": str(webhook.secret) if shown else None})


def _left(
    services: Services, resp: Response, webhook_id: UUID, receipt: Receipt
) -> tuple[WebhookSubscription, dict[str, object]]:
    webhook = as_left(services.aggregates, WebhookSubscription, webhook_id, receipt)
    answer_receipt(resp, receipt)
    tag_version(resp, webhook.version)
    return webhook, told_of(webhook, People(services.read, (webhook.registered_by,)))
