"""Which quotas a request counts against: that of the caller's plan, and one of what it asks for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from falcon import Request

from countersign.aggregates.role import Role
from countersign.http.edge.options import QuotaOptions
from countersign.http.rate_limits.quota import Quota

Counted = tuple[Quota, str]
"""A quota, and who has it."""

_SENSITIVE: Final[Mapping[tuple[str, str], str]] = {
    ("POST", "/v1/auth/login"): "log_in",
    ("POST", "/v1/auth/reauthenticate"): "log_in",
}
_INSTEAD: Final[Mapping[tuple[str, str], str]] = {
    ("POST", "/v1/auth/refresh"): "refresh",
    ("GET", "/readyz"): "probe",
    ("GET", "/metrics"): "probe",
}
"""What has a quota of its own: whoever refreshes has proved who they are, though not in a header."""


class Plans:
    """People and API clients count by who they are, everybody else by the network they call from."""

    def __init__(self, options: QuotaOptions) -> None:
        self._options = options

    def counted(self, req: Request) -> Iterator[Counted]:
        """The quotas that a request needs, the tightest first."""
        asked = (req.method, req.uri_template or "")
        claims = req.context.claims
        network = req.context.peer.network
        if own := _INSTEAD.get(asked):
            yield self._quota(own), network
            return
        if tighter := _SENSITIVE.get(asked):
            yield self._quota(tighter), network if claims is None else str(claims.account)
        if claims is None:
            yield self._quota("anonymous"), network
        else:
            yield self._quota(_plan(claims.method, claims.role)), str(claims.account)

    def _quota(self, name: str) -> Quota:
        return Quota(name, getattr(self._options, name))


def _plan(method: str, role: Role) -> str:
    if method == "api_key":
        return "api_key"
    return "administrator" if role is Role.ADMINISTRATOR else "user"
