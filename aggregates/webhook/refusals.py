"""The rules about webhooks that can be broken."""

from __future__ import annotations

from countersign.aggregates.root import DomainError


class InvalidWebhook(DomainError):
    """A webhook has a name, an address that may be called, and types of events that there are."""

    code = "invalid_webhook"
    status = 422


class WebhookDeleted(DomainError):
    """Nothing is sent there any more."""

    code = "webhook_deleted"
    status = 404


class WebhookPaused(DomainError):
    """It was paused before."""

    code = "webhook_paused"


class WebhookNotPaused(DomainError):
    """It is not paused."""

    code = "webhook_not_paused"


class TooManyWebhooks(DomainError):
    """Each event is compared with each webhook."""

    code = "too_many_webhooks"


class InvalidReplay(DomainError):
    """A replay is of positions that the log has, and of no more than can be sent in a while."""

    code = "invalid_replay"
    status = 422


class DeliveryOpen(DomainError):
    """It is still being delivered, or waits for its next attempt."""

    code = "delivery_open"


class DeliverySettled(DomainError):
    """It has arrived, or was given up."""

    code = "delivery_settled"
