"""All webhooks, one of them, and what can be heard of."""

from __future__ import annotations

from uuid import UUID

from falcon import Request, Response

from countersign.aggregates.webhook.public_events import PublicType
from countersign.aggregates.webhook.subscription import PausedBy
from countersign.commands.webhook.change_webhook import ChangeWebhook
from countersign.commands.webhook.delete_webhook import DeleteWebhook
from countersign.commands.webhook.register_webhook import RegisterWebhook
from countersign.eventstore.store import NotFound
from countersign.http.answers import Answer
from countersign.http.calls import answer_receipt, call_of
from countersign.http.endpoints import command, query
from countersign.http.parameters import Paging
from countersign.http.preconditions import expected_version, tag_version
from countersign.http.reports.people import People
from countersign.http.services import Services
from countersign.http.webhooks.forms import ChangedWebhookForm, NewWebhookForm
from countersign.http.webhooks.left import answer_new_secret, answer_webhook, give
from countersign.http.webhooks.webhook_answer import (
    ListedWebhookAnswer,
    NewSecretAnswer,
    WebhookAnswer,
    WebhooksAnswer,
)
from countersign.projections.work.webhook_deliveries_queries import counts_by_state
from countersign.projections.work.webhooks_queries import webhook, webhook_page

TAG = "Webhooks"
READS = ("webhooks", "webhook_deliveries", "people")


class WebhooksWanted(Paging):
    """Which webhooks; what is left out does not matter."""

    paused_by: PausedBy | None = None


class EventTypesAnswer(Answer):
    """What webhooks can hear of; what each tells stands in the documentation."""

    event_types: list[PublicType]


class Webhooks:
    """`/v1/webhooks`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @query(TAG, reads=READS, action="ViewWebhooks")
    def on_get(self, _req: Request, _resp: Response, query: WebhooksWanted) -> WebhooksAnswer:
        """List the endpoints that are told, by name, and how they answer."""
        read = self._services.read
        page = webhook_page(read, paused_by=query.paused_by, cursor=query.cursor, limit=query.limit)
        people = People(read, (row.registered_by for row in page.rows))
        counts = counts_by_state(read, [row.webhook_id for row in page.rows])
        items = [ListedWebhookAnswer.of(row, people, counts[row.webhook_id]) for row in page.rows]
        return WebhooksAnswer(items=items, next_cursor=page.next_cursor)

    @command(TAG, status=201, refusals=(403, 409))
    def on_post(self, req: Request, resp: Response, form: NewWebhookForm) -> NewSecretAnswer:
        """Have an endpoint told of what happens from now on. Its secret is in the answer, this once."""
        webhook_id = call_of(req).new_id("webhook")
        wanted = RegisterWebhook(
            webhook_id=webhook_id,
            name=form.name,
            url=form.url,
            event_types=tuple(form.event_types),
            only=form.only.only(),
            headers=form.headers,
        )
        receipt = give(self._services, req, wanted)
        resp.location = f"/v1/webhooks/{webhook_id}"
        return answer_new_secret(self._services, resp, webhook_id, receipt)


class OneWebhook:
    """`/v1/webhooks/{webhook_id}`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @query(TAG, reads=READS, action="ViewWebhooks")
    def on_get(self, _req: Request, resp: Response, webhook_id: UUID) -> ListedWebhookAnswer:
        """Show an endpoint and how it answers."""
        read = self._services.read
        found = webhook(read, webhook_id)
        if found is None:
            raise NotFound(f"there is no webhook with the id {webhook_id}")
        tag_version(resp, found.version)
        counts = counts_by_state(read, [webhook_id])[webhook_id]
        return ListedWebhookAnswer.of(found, People(read, (found.registered_by,)), counts)

    @command(TAG, if_match="webhook", refusals=(403, 409))
    def on_put(
        self, req: Request, resp: Response, webhook_id: UUID, form: ChangedWebhookForm
    ) -> WebhookAnswer:
        """Have it told of something else, or somewhere else. Its secret stays."""
        wanted = ChangeWebhook(
            webhook_id=webhook_id,
            expected_version=expected_version(req),
            name=form.name,
            url=form.url,
            event_types=tuple(form.event_types),
            only=form.only.only(),
            headers=form.headers,
        )
        receipt = give(self._services, req, wanted)
        return answer_webhook(self._services, resp, webhook_id, receipt)

    @command(TAG, status=204, refusals=(403,))
    def on_delete(self, req: Request, resp: Response, webhook_id: UUID) -> None:
        """Have it told nothing any more; what waits for it is dropped."""
        answer_receipt(resp, give(self._services, req, DeleteWebhook(webhook_id=webhook_id)))


class EventTypes:
    """`GET /v1/webhooks/event-types`."""

    @query(TAG, reads=None, action="ViewWebhooks")
    def on_get(self, _req: Request, _resp: Response) -> EventTypesAnswer:
        """List the types of events that webhooks can hear of."""
        return EventTypesAnswer(event_types=list(PublicType))
