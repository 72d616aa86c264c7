"""Finds the address behind a name, and lets only those be called that may be."""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence

from countersign.aggregates.network import Address, Network, address_of
from countersign.aggregates.webhook.target_address import may_be_called

LookUp = Callable[[str, int], Sequence[str]]


class NotToBeCalled(Exception):
    """No address of that name may be called, or there is none."""


def look_up(host: str, port: int) -> Sequence[str]:
    """All addresses of a name, as this machine finds them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))


def addresses_to_call(
    host: str, port: int, allowed: Sequence[Network], find: LookUp = look_up
) -> tuple[Address, ...]:
    """Those of a name that may be called.

    A name can lead somewhere else at each look: call these addresses, and do not look the name up again.

    Raises:
        NotToBeCalled: there is none.
    """
    try:
        found = [address for text in find(host, port) if (address := address_of(text))]
    except (OSError, UnicodeError) as unknown:  # a part of it is empty or too long for a name
        raise NotToBeCalled(f"the name {host} is not known: {unknown}") from unknown
    if not found:
        raise NotToBeCalled(f"the name {host} has no address")
    callable_ones = tuple(address for address in found if may_be_called(address, allowed))
    if not callable_ones:
        raise NotToBeCalled(f"the name {host} leads into a network that is not called")
    return callable_ones
