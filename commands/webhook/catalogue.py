"""Every command about webhooks, and the handler that decides it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from countersign.commands.handler import Handler
from countersign.commands.options import Options
from countersign.commands.webhook.abandon_delivery import AbandonDelivery, abandon_delivery
from countersign.commands.webhook.cancel_delivery import CancelDelivery, cancel_delivery
from countersign.commands.webhook.change_webhook import ChangeWebhook, change_webhook
from countersign.commands.webhook.delete_webhook import DeleteWebhook, delete_webhook
from countersign.commands.webhook.pause_webhook import PauseWebhook, pause_webhook
from countersign.commands.webhook.queue_deliveries import QueueDeliveries, queue_deliveries
from countersign.commands.webhook.record_delivery_attempt import (
    RecordDeliveryAttempt,
    record_delivery_attempt,
)
from countersign.commands.webhook.register_webhook import RegisterWebhook, register_webhook
from countersign.commands.webhook.replay_webhook import ReplayWebhook, replay_webhook
from countersign.commands.webhook.resend_delivery import ResendDelivery, resend_delivery
from countersign.commands.webhook.resume_webhook import ResumeWebhook, resume_webhook
from countersign.commands.webhook.rotate_webhook_secret import RotateWebhookSecret, rotate_webhook_secret
from countersign.commands.webhook.secrets import new_secret
from countersign.commands.webhook.try_webhook import TryWebhook, try_webhook


def handlers(options: Options) -> Mapping[type, Handler]:
    """The handlers by the class of their message."""
    return {
        RegisterWebhook: partial(register_webhook, options=options, draw=new_secret),
        ChangeWebhook: partial(change_webhook, options=options),
        RotateWebhookSecret: partial(rotate_webhook_secret, options=options, draw=new_secret),
        PauseWebhook: pause_webhook,
        ResumeWebhook: resume_webhook,
        DeleteWebhook: delete_webhook,
        TryWebhook: try_webhook,
        ReplayWebhook: replay_webhook,
        ResendDelivery: resend_delivery,
        CancelDelivery: cancel_delivery,
        QueueDeliveries: queue_deliveries,
        RecordDeliveryAttempt: record_delivery_attempt,
        AbandonDelivery: abandon_delivery,
    }
