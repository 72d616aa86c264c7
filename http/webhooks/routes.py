"""The addresses about webhooks."""

from __future__ import annotations

from typing import Any, Final

from falcon import App

from countersign.http.services import Services
from countersign.http.webhooks.deliveries import (
    Deliveries,
    DeliveryCancelling,
    DeliveryResending,
    OneDelivery,
)
from countersign.http.webhooks.orders import (
    SecretRotation,
    WebhookPause,
    WebhookReplay,
    WebhookResumption,
    WebhookTest,
)
from countersign.http.webhooks.webhooks import EventTypes, OneWebhook, Webhooks

_ONE: Final = "/v1/webhooks/{webhook_id:uuid}"
_DELIVERY: Final = f"{_ONE}/deliveries/{{delivery_id:uuid}}"


def add_webhook_routes(app: App[Any, Any], services: Services) -> None:
    """Give an app these addresses."""
    app.add_route("/v1/webhooks", Webhooks(services))
    app.add_route("/v1/webhooks/event-types", EventTypes())
    app.add_route(_ONE, OneWebhook(services))
    app.add_route(f"{_ONE}/rotate-secret", SecretRotation(services))
    app.add_route(f"{_ONE}/pause", WebhookPause(services))
    app.add_route(f"{_ONE}/resume", WebhookResumption(services))
    app.add_route(f"{_ONE}/test", WebhookTest(services))
    app.add_route(f"{_ONE}/replay", WebhookReplay(services))
    app.add_route(f"{_ONE}/deliveries", Deliveries(services))
    app.add_route(_DELIVERY, OneDelivery(services))
    app.add_route(f"{_DELIVERY}/resend", DeliveryResending(services))
    app.add_route(f"{_DELIVERY}/cancel", DeliveryCancelling(services))
