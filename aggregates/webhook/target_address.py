"""Which addresses the service may call: those of the open network, and what an operator allows besides."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network
from typing import Final

from countersign.aggregates.network import Address, Network

_TRANSLATED: Final = IPv6Network("64:ff9b::/96")  # NAT64: the last four bytes are the IPv4 address


def may_be_called(address: Address, allowed: Sequence[Network] = ()) -> bool:
    """Whether it is an address of the open network, also by the IPv4 address that it may carry."""
    inner = _carried(address)
    if any(each in network for each in (address, *inner) for network in allowed):
        return True
    return all(_is_open(each) for each in (address, *inner))


def _is_open(address: Address) -> bool:
    if isinstance(address, IPv6Address):
        if address in _TRANSLATED:
            return True  # what it carries is looked at
        if address.is_site_local:
            return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def _carried(address: Address) -> tuple[IPv4Address, ...]:
    if isinstance(address, IPv4Address):
        return ()
    if address.ipv4_mapped:
        return (address.ipv4_mapped,)
    if address.sixtofour:
        return (address.sixtofour,)
    if address.teredo:
        return address.teredo
    if address in _TRANSLATED:
        return (IPv4Address(address.packed[-4:]),)
    return ()
