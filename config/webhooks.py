"""Settings of what endpoints of others are told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import ip_network
from typing import Annotated

from countersign.config.bounds import Between, Bytes, Seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhooks:
    """Where endpoints may be, and how long one is waited for.

    `allowed_networks` are called besides those of the open network; with `clear_text` an endpoint may be at
    an http:// address. After a rotation both secrets sign for `overlap_max_s` at most.
    """

    allowed_networks: tuple[str, ...]
    clear_text: bool
    ca_file: str
    connect_s: Seconds
    timeout_s: Seconds
    answer_max_bytes: Bytes
    overlap_max_s: Annotated[int, Between(0, 90 * 86_400)]


def webhook_rules(webhooks: Webhooks) -> Iterator[tuple[str, str]]:
    """What cannot be, with the path of the setting."""
    for network in webhooks.allowed_networks:
        try:
            ip_network(network)
        except ValueError:
            yield "webhooks.allowed_networks", f"expected networks such as 10.7.0.0/16, not {network!r}"
    if webhooks.connect_s > webhooks.timeout_s:
        yield "webhooks.connect_s", "expected at most webhooks.timeout_s"
