"""What is done with a webhook: its secret exchanged, paused, resumed, tried, told once more."""

from __future__ import annotations

from uuid import UUID

from falcon import Request, Response

from countersign.aggregates.webhook.delivery import WebhookDelivery, delivery_id
from countersign.commands.webhook.pause_webhook import PauseWebhook
from countersign.commands.webhook.replay_webhook import ReplayWebhook
from countersign.commands.webhook.resume_webhook import ResumeWebhook
from countersign.commands.webhook.rotate_webhook_secret import RotateWebhookSecret
from countersign.commands.webhook.try_webhook import TryWebhook
from countersign.http.answers import Answer
from countersign.http.calls import answer_receipt, as_left, call_of
from countersign.http.endpoints import command
from countersign.http.services import Services
from countersign.http.webhooks.delivery_answer import DeliveryAnswer
from countersign.http.webhooks.forms import ReplayForm, RotationForm, WebhookReasonForm
from countersign.http.webhooks.left import answer_new_secret, answer_webhook, give
from countersign.http.webhooks.webhook_answer import NewSecretAnswer, WebhookAnswer
from countersign.http.webhooks.webhooks import TAG


class ReplayAnswer(Answer):
    """What is told once more, both positions included."""

    webhook_id: UUID
    from_position: int
    to_position: int


class SecretRotation:
    """`POST /v1/webhooks/{webhook_id}/rotate-secret`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @command(TAG, refusals=(403,))
    def on_post(self, req: Request, resp: Response, webhook_id: UUID, form: RotationForm) -> NewSecretAnswer:
        """Exchange its secret. The new one is in the answer, this once; both sign for the overlap."""
        wanted = RotateWebhookSecret(webhook_id=webhook_id, overlap_s=form.overlap_s)
        receipt = give(self._services, req, wanted)
        return answer_new_secret(self._services, resp, webhook_id, receipt)


class WebhookPause:
    """`POST /v1/webhooks/{webhook_id}/pause`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @command(TAG, refusals=(403, 409))
    def on_post(
        self, req: Request, resp: Response, webhook_id: UUID, form: WebhookReasonForm
    ) -> WebhookAnswer:
        """Keep what happens for it until it is resumed."""
        receipt = give(self._services, req, PauseWebhook(webhook_id=webhook_id, reason=form.reason))
        return answer_webhook(self._services, resp, webhook_id, receipt)


class WebhookResumption:
    """`POST /v1/webhooks/{webhook_id}/resume`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @command(TAG, refusals=(403, 409))
    def on_post(self, req: Request, resp: Response, webhook_id: UUID) -> WebhookAnswer:
        """Send what was kept, in order, and go on."""
        receipt = give(self._services, req, ResumeWebhook(webhook_id=webhook_id))
        return answer_webhook(self._services, resp, webhook_id, receipt)


class WebhookTest:
    """`POST /v1/webhooks/{webhook_id}/test`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @command(TAG, status=202, refusals=(403,))
    def on_post(self, req: Request, resp: Response, webhook_id: UUID) -> DeliveryAnswer:
        """Send it an event of the type `webhook.test`, once, even while it is paused."""
        test_id = call_of(req).new_id("webhook_test")
        receipt = give(self._services, req, TryWebhook(webhook_id=webhook_id, test_id=test_id))
        stream = delivery_id(webhook_id, test_id)
        answer_receipt(resp, receipt)
        resp.location = f"/v1/webhooks/{webhook_id}/deliveries/{stream}"
        return DeliveryAnswer.of_log(as_left(self._services.aggregates, WebhookDelivery, stream, receipt))


class WebhookReplay:
    """`POST /v1/webhooks/{webhook_id}/replay`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @command(TAG, status=202, refusals=(403,))
    def on_post(self, req: Request, resp: Response, webhook_id: UUID, form: ReplayForm) -> ReplayAnswer:
        """Tell it once more of what it hears of between two positions, under the ids of the first time."""
        last = form.to_position or max(form.from_position, self._services.log.head())
        wanted = ReplayWebhook(webhook_id=webhook_id, from_position=form.from_position, to_position=last)
        answer_receipt(resp, give(self._services, req, wanted))
        return ReplayAnswer(webhook_id=webhook_id, from_position=form.from_position, to_position=last)
