"""Networks as people write them, and how much of an address stands for who calls."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

from countersign.aggregates.root import DomainError

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_COUNTED_V6: Final = 64  # what one household or one office is given
_SHOWN: Final = {4: 24, 6: 48}
_MAPPED: Final = IPv6Network("::ffff:0:0/96")
_LOOPBACK: Final[Mapping[int, Network]] = {4: IPv4Network("127.0.0.0/8"), 6: IPv6Network("::1/128")}


class InvalidNetwork(DomainError):
    """Not a network in CIDR notation."""

    code = "invalid_network"
    status = 422


@lru_cache(maxsize=1024)
def address_of(text: str) -> Address | None:
    """An address, or None when it is not one; an IPv4 address written as IPv6 is the IPv4 address."""
    try:
        address = ip_address(text)
    except ValueError:
        return None
    if isinstance(address, IPv6Address):
        if address.scope_id is not None:
            return None
        return address.ipv4_mapped or address
    return address


def network_of(text: str) -> Network:
    """A network such as `192.0.2.0/24`; a single address is a network of one.

    Raises:
        InvalidNetwork: it is not one.
    """
    try:
        network = ip_network(text.strip(), strict=False)
    except ValueError as error:
        raise InvalidNetwork(f"not a network: {error}", (("/network", "not in CIDR notation"),)) from None
    if isinstance(network, IPv6Network) and (
        network.network_address.scope_id is not None or network.subnet_of(_MAPPED)
    ):
        raise InvalidNetwork("write IPv4 networks as IPv4, without a zone", (("/network", "unusual form"),))
    return network


@lru_cache(maxsize=1024)
def counted_network(text: str) -> str | None:
    """What calls from an address are counted by: itself, or its /64 (IPv6); None when it is not one."""
    address = address_of(text)
    if address is None:
        return None
    return str(ip_network((address, _COUNTED_V6 if address.version == 6 else 32), strict=False))


def is_of_this_machine(network: Network) -> bool:
    """Whether loopback addresses are in it."""
    return network.overlaps(_LOOPBACK[network.version])


def shown_network(text: str) -> str | None:
    """As much of an address or network as lists show: its /24 or /48; None when it is not one."""
    try:
        network = ip_network(text, strict=False)
    except ValueError:
        return None
    length = min(network.prefixlen, _SHOWN[network.version])
    return str(network.supernet(new_prefix=length))
