"""From the settings to what the edge of the API needs to be told."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from countersign.config.settings import Settings
from countersign.http.edge.options import AutomaticBlockOptions, EdgeOptions, QuotaOptions

_PATIENCE_S: Final = 0.25


def edge_options(settings: Settings) -> EdgeOptions:
    """All options of the edge. Nobody waits long for a Redis that only counts."""
    http, redis = settings.http, settings.redis
    return EdgeOptions(
        trusted_proxies=http.trusted_proxies,
        trusted_networks=http.trusted_networks,
        client_certificate_header=http.client_certificate_header,
        allowed_hosts=_allowed_hosts(settings),
        refuse_bare_ip_hosts=http.refuse_bare_ip_hosts,
        require_https=http.require_https,
        cors_origins=http.cors_origins,
        redis_url=redis.url.reveal(),
        redis_prefix=redis.prefix,
        redis_timeout_s=min(redis.timeout_s, _PATIENCE_S),
        quotas=_quotas(settings),
        automatic_block=_automatic_block(settings),
    )


def _allowed_hosts(settings: Settings) -> tuple[str, ...]:
    """In production an empty list means the host of `public_url`."""
    if settings.http.allowed_hosts or settings.environment != "production":
        return settings.http.allowed_hosts
    return (urlsplit(settings.http.public_url).hostname or settings.http.host,)


def _quotas(settings: Settings) -> QuotaOptions:
    limits = settings.rate_limits
    return QuotaOptions(
        anonymous=limits.anonymous_per_hour,
        user=limits.user_per_hour,
        administrator=limits.administrator_per_hour,
        api_key=limits.api_key_per_hour,
        log_in=limits.log_in_per_hour,
        registration=limits.registration_per_hour,
        password_reset=limits.password_reset_per_hour,
        one_time_code=limits.one_time_code_per_hour,
        refresh=limits.refresh_per_hour,
        probe=limits.probe_per_hour,
    )


def _automatic_block(settings: Settings) -> AutomaticBlockOptions:
    block = settings.automatic_block
    return AutomaticBlockOptions(refusals=block.refusals, window_s=block.window_s, block_s=block.block_s)
