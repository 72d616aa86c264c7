"""A webhook and a delivery, to begin with."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from countersign.aggregates.webhook.delivery import Attempt, WebhookDelivery
from countersign.aggregates.webhook.subscription import WebhookSubscription
from countersign.aggregates.webhook.target_url import UrlRules
from countersign.aggregates.webhook.terms import Only, Terms, agreed_terms

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
WEBHOOK, ADMINISTRATOR, EVENT, REPORT = (UUID(int=each) for each in (1, 2, 3, 4))
REFUSED = Attempt(worker="w", status=500, duration_ms=12, error="the endpoint answered 500")
TAKEN = Attempt(worker="w", status=204, duration_ms=9)


def terms(**changes: Any) -> Terms:
    given: dict[str, Any] = {
        "name": "ERP",
        "url": "https://erp.example.com/hook",
        "event_types": (),
        "only": Only(),
        "headers": {},
        "rules": UrlRules(),
    }
    return agreed_terms(**{**given, **changes})


def webhook() -> WebhookSubscription:
    return WebhookSubscription.register(WEBHOOK, AT, terms(), "whsec_first", ADMINISTRATOR)


def delivery(event_type: str = "report.created") -> WebhookDelivery:
    return WebhookDelivery.queue(
        AT,
        webhook=WEBHOOK,
        event_id=EVENT,
        event_type=event_type,
        source=REPORT,
        source_version=1,
        position=77,
    )
