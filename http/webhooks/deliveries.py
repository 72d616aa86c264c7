"""What was sent to an endpoint, or waits to be."""

from __future__ import annotations

from uuid import UUID

from falcon import Request, Response

from countersign.aggregates.webhook.delivery import DeliveryStatus, WebhookDelivery
from countersign.commands.webhook.cancel_delivery import CancelDelivery
from countersign.commands.webhook.resend_delivery import ResendDelivery
from countersign.eventstore.store import NotFound
from countersign.http.calls import answer_receipt, as_left
from countersign.http.endpoints import command, query
from countersign.http.fields import Key
from countersign.http.parameters import Paging
from countersign.http.services import Services
from countersign.http.webhooks.delivery_answer import DeliveriesAnswer, DeliveryAnswer, OneDeliveryAnswer
from countersign.http.webhooks.forms import CancellationForm, WebhookReasonForm
from countersign.http.webhooks.left import give
from countersign.http.webhooks.webhooks import TAG
from countersign.projections.work.webhook_deliveries_queries import attempts_at, delivery, delivery_page


class DeliveriesWanted(Paging):
    """Which deliveries; what is left out does not matter."""

    state: DeliveryStatus | None = None
    event_type: Key | None = None


class Deliveries:
    """`GET /v1/webhooks/{webhook_id}/deliveries`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @query(TAG, reads=("webhook_deliveries",), action="ViewWebhooks")
    def on_get(
        self, _req: Request, _resp: Response, webhook_id: UUID, query: DeliveriesWanted
    ) -> DeliveriesAnswer:
        """List what was sent to an endpoint or waits to be, the newest first; also of a deleted one."""
        page = delivery_page(
            self._services.read,
            webhook_id=webhook_id,
            state=query.state,
            event_type=query.event_type,
            cursor=query.cursor,
            limit=query.limit,
        )
        items = [DeliveryAnswer.of(row) for row in page.rows]
        return DeliveriesAnswer(items=items, next_cursor=page.next_cursor)


class OneDelivery:
    """`GET /v1/webhooks/{webhook_id}/deliveries/{delivery_id}`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @query(TAG, reads=("webhook_deliveries",), action="ViewWebhooks")
    def on_get(
        self, _req: Request, _resp: Response, webhook_id: UUID, delivery_id: UUID
    ) -> OneDeliveryAnswer:
        """Show a delivery and every attempt at it."""
        read = self._services.read
        row = delivery(read, delivery_id)
        told = self._just_planned(delivery_id) if row is None else DeliveryAnswer.of(row)
        if told is None or told.webhook_id != webhook_id:
            raise NotFound(f"there is no delivery with the id {delivery_id} to this webhook")
        return OneDeliveryAnswer.with_attempts(told, attempts_at(read, delivery_id))

    def _just_planned(self, delivery_id: UUID) -> DeliveryAnswer | None:
        found = self._services.aggregates.find(WebhookDelivery, delivery_id)  # so that Location leads there
        return None if found is None else DeliveryAnswer.of_log(found)


class DeliveryResending:
    """`POST /v1/webhooks/{webhook_id}/deliveries/{delivery_id}/resend`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @command(TAG, status=202, refusals=(403, 409))
    def on_post(
        self, req: Request, resp: Response, webhook_id: UUID, delivery_id: UUID, form: WebhookReasonForm
    ) -> DeliveryAnswer:
        """Send it once more, under the same id and with all its attempts."""
        wanted = ResendDelivery(delivery_id=delivery_id, webhook_id=webhook_id, reason=form.reason)
        return _decided(self._services, req, resp, wanted)


class DeliveryCancelling:
    """`POST /v1/webhooks/{webhook_id}/deliveries/{delivery_id}/cancel`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @command(TAG, refusals=(403, 409))
    def on_post(
        self, req: Request, resp: Response, webhook_id: UUID, delivery_id: UUID, form: CancellationForm
    ) -> DeliveryAnswer:
        """Have it not sent: those behind it need not wait for it any more."""
        wanted = CancelDelivery(delivery_id=delivery_id, webhook_id=webhook_id, reason=form.reason)
        return _decided(self._services, req, resp, wanted)


def _decided(
    services: Services, req: Request, resp: Response, wanted: ResendDelivery | CancelDelivery
) -> DeliveryAnswer:
    receipt = give(services, req, wanted)
    answer_receipt(resp, receipt)
    left = as_left(services.aggregates, WebhookDelivery, wanted.delivery_id, receipt)
    resp.location = f"/v1/webhooks/{left.webhook}/deliveries/{left.id}"
    return DeliveryAnswer.of_log(left)
