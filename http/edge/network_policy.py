"""Who is not even listened to: blocked networks, strange host names, and requests that anybody could read."""

from __future__ import annotations

from typing import Final

from falcon import Request, Response

from countersign.aggregates.network import address_of
from countersign.http.edge.blocked_networks import BlockedNetworks
from countersign.http.edge.hosts import Host, authority_of, host_of
from countersign.http.edge.options import EdgeOptions
from countersign.http.edge.peer import Peer
from countersign.http.problems import Refusal

ALIVE: Final = "/livez"
PROBES: Final = frozenset({"/readyz", "/metrics"})


class NetworkPolicy:
    """Middleware: before anything else is asked.

    `/livez` is for everybody; the other probes of this machine or of a trusted network, when nobody has
    forwarded them, may come in plain text and under any name.
    """

    def __init__(self, options: EdgeOptions, blocked: BlockedNetworks) -> None:
        self._names = frozenset(name.lower().rstrip(".") for name in options.allowed_hosts)
        self._refuse_bare_ip = options.refuse_bare_ip_hosts
        self._require_https = options.require_https
        self._blocked = blocked

    def process_request(self, req: Request, _resp: Response) -> None:
        """Refuse at the door.

        Raises:
            Refusal: 403, 400 or 421.
        """
        req.context.at_the_door = True
        peer: Peer = req.context.peer
        if req.path != ALIVE and not is_own_probe(req, peer):
            self._require_unblocked(peer)
            self._require_host(req, peer)
            self._require_secrecy(peer)
        req.context.at_the_door = False

    def _require_unblocked(self, peer: Peer) -> None:
        if self._blocked.holds(peer.ip):
            raise Refusal(
                403, "network_blocked", "nobody may call from your network now: ask an administrator"
            )

    def _require_host(self, req: Request, peer: Peer) -> None:
        asked, sent = host_of(peer.host), host_of(str(req.env.get("HTTP_HOST", "")))
        authority = authority_of(str(req.env.get("RAW_URI", "")))
        if asked is None or sent is None or (authority is not None and host_of(authority) != sent):
            raise Refusal(400, "invalid_host", "send one Host header, with the name of this service alone")
        if not self._answers_to(asked):
            raise Refusal(421, "host_refused", "this service does not answer to that name")

    def _answers_to(self, host: Host) -> bool:
        if host.is_among(self._names):
            return True
        return not self._names and not (self._refuse_bare_ip and host.is_bare_ip)

    def _require_secrecy(self, peer: Peer) -> None:
        if self._require_https and peer.scheme != "https":
            raise Refusal(403, "https_required", "use https: what was sent could be read on its way")


def is_own_probe(req: Request, peer: Peer) -> bool:
    """Whether this machine or a trusted proxy asks how the service is, for itself."""
    if req.path not in PROBES or peer.forwarded:
        return False
    address = address_of(peer.ip)
    return peer.from_trusted or (address is not None and address.is_loopback)
