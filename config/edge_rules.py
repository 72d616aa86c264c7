"""What must hold for the settings of the edge, beyond their form."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_network

from countersign.config.settings import Settings


def edge_rules(settings: Settings) -> Iterator[tuple[str, str]]:
    """The paths of settings that cannot be meant, and why."""
    if settings.http.client_certificate_header and not settings.http.trusted_networks:
        problem = "expected together with http.trusted_networks: anybody could write it"
        yield "http.client_certificate_header", problem
    for network in settings.http.trusted_networks:
        try:
            length = ip_network(network, strict=False).prefixlen
        except ValueError:
            yield "http.trusted_networks", f"expected networks such as 10.0.0.0/8, not {network!r}"
        else:
            if length == 0:
                yield "http.trusted_networks", f"{network} is everybody: expected where the proxies are"
