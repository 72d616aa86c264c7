"""What the settings mean for those who may be told, and for how they are called."""

from __future__ import annotations

import ssl
from ipaddress import ip_network

from countersign.aggregates.webhook.target_url import UrlRules
from countersign.config.webhooks import Webhooks
from countersign.workers.webhooks.options import WebhookOptions


def url_rules(webhooks: Webhooks) -> UrlRules:
    """Which addresses may be registered."""
    return UrlRules(clear_text=webhooks.clear_text, allowed=tuple(map(ip_network, webhooks.allowed_networks)))


def endpoint_options(webhooks: Webhooks) -> WebhookOptions:
    """How endpoints are called."""
    return WebhookOptions(
        allowed=url_rules(webhooks).allowed,
        connect_s=webhooks.connect_s,
        timeout_s=webhooks.timeout_s,
        answer_max_bytes=webhooks.answer_max_bytes,
        tls=ssl.create_default_context(cafile=webhooks.ca_file or None),
    )
