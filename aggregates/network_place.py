"""Which addresses are one network: those that one household or one machine can choose from."""

from __future__ import annotations

from ipaddress import AddressValueError, IPv4Address, IPv6Address, IPv6Network
from typing import Final

LOCAL: Final = "local"
_ONE_SUBSCRIBER: Final = 64


def network_of(address: str) -> str:
    """An IPv4 address alone, an IPv6 address with its /64; what is no address is the machine itself."""
    try:
        return str(IPv4Address(address))
    except AddressValueError:
        return _network_of_v6(address)


def _network_of_v6(address: str) -> str:
    try:
        parsed = IPv6Address(address)
    except AddressValueError:
        return LOCAL
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(IPv6Network((int(parsed), _ONE_SUBSCRIBER), strict=False))
