"""Who is on the other end of a request: what the socket says, or what a trusted proxy says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from falcon import Request

from countersign.aggregates.network import Address, address_of, counted_network, network_of

_MOST_HOPS: Final = 32
_SCHEMES: Final = frozenset({"http", "https"})
UNKNOWN: Final = "unknown"


@dataclass(frozen=True, slots=True)
class Peer:
    """The caller, and what they asked for by which `host`.

    `forwarded`: somebody says to have forwarded it. `from_trusted`: it came from a trusted network.
    `is_proxy`: the caller seems to be a proxy of ours, since that has not told for whom it asks.
    """

    ip: str
    scheme: str
    host: str
    forwarded: bool
    from_trusted: bool
    is_proxy: bool

    @property
    def network(self) -> str:
        """What the caller is counted by: the address, or the /64 of an IPv6 address."""
        return counted_network(self.ip) or UNKNOWN


class TrustedProxies:
    """Believes X-Forwarded-For from the right, as far as each hop is one of ours.

    What a caller has written there stands to the left of what our proxies add, and is never reached. From
    anybody else X-Forwarded-Proto and X-Forwarded-Host mean nothing either. `Forwarded` is not read.
    """

    def __init__(self, count: int = 0, networks: Sequence[str] = ()) -> None:
        self._count = count
        self._networks = tuple(map(network_of, networks))

    def peer_of(self, req: Request) -> Peer:
        """The caller of a request."""
        nearest = req.remote_addr or ""
        hops = _listed(req.get_header("X-Forwarded-For"))
        believed = self._is_ours(nearest)
        ip = self._first_stranger(nearest, hops)[:64]
        return Peer(
            ip=ip,
            scheme=_scheme(req, believed=believed),
            host=_host(req, believed=believed),
            forwarded=bool(hops),
            from_trusted=bool(self._networks) and believed,
            is_proxy=self._is_ours(ip) if self._networks else believed and ip == nearest,
        )

    def _is_ours(self, hop: str) -> bool:
        if not self._networks:
            return self._count > 0
        address = address_of(hop)
        return address is not None and any(address in network for network in self._networks)

    def _first_stranger(self, nearest: str, hops: Sequence[str]) -> str:
        at = str(address_of(nearest) or nearest)
        for behind in tuple(reversed(hops))[: self._count or _MOST_HOPS]:
            address = _address_in(behind)
            if address is None or not self._is_ours(at):
                break
            at = str(address)
        return at


def _listed(header: str | None) -> list[str]:
    return [part.strip() for part in header.split(",")] if header else []


def _address_in(hop: str) -> Address | None:
    """Some proxies add the port: `192.0.2.1:4711`, `[2001:db8::1]:4711`."""
    if hop.startswith("["):
        hop = hop[1:].partition("]")[0]
    elif hop.count(":") == 1:
        hop = hop.partition(":")[0]
    return address_of(hop)


def _scheme(req: Request, *, believed: bool) -> str:
    told = _listed(req.get_header("X-Forwarded-Proto")) if believed else []
    if not told:
        return str(req.env["wsgi.url_scheme"])
    return told[-1].lower() if told[-1].lower() in _SCHEMES else "http"


def _host(req: Request, *, believed: bool) -> str:
    told = _listed(req.get_header("X-Forwarded-Host")) if believed else []
    return told[-1] if told else str(req.env.get("HTTP_HOST", ""))
