"""Which quotas a request counts against: that of the caller's plan, and one of what it asks for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from falcon import Request

from countersign.aggregates.api_client import ApiClient
from countersign.aggregates.role import Role
from countersign.eventstore.aggregates import Aggregates
from countersign.http.edge.options import QuotaOptions
from countersign.http.rate_limits.quota import Quota
from countersign.http.tokens import Claims

Counted = tuple[Quota, str]
"""A quota, and who has it."""

_SENSITIVE: Final[Mapping[str, str]] = MappingProxyType(
    {
        "/v1/auth/login": "log_in",
        "/v1/auth/browser-session": "log_in",
        "/v1/auth/reauthenticate": "log_in",
        "/v1/auth/password": "log_in",
        "/v1/auth/password-resets": "password_reset",
        "/v1/auth/password-resets/redeem": "one_time_code",
        "/v1/accounts/registrations": "registration",
        "/v1/accounts/verifications": "one_time_code",
        "/v1/accounts/email-confirmations": "one_time_code",
    }
)
_INSTEAD: Final[Mapping[str, str]] = MappingProxyType(
    {"/v1/auth/refresh": "refresh", "/readyz": "probe", "/metrics": "probe"}
)
"""What has a quota of its own: whoever refreshes has proved who they are, though not in a header."""


class Plans:
    """People and API clients count by who they are, everybody else by the network they call from.

    An API client has the rate that it was given, but no more than the plan.
    """

    def __init__(self, options: QuotaOptions, aggregates: Aggregates) -> None:
        self._options = options
        self._aggregates = aggregates

    def counted(self, req: Request) -> Iterator[Counted]:
        """The quotas that a request needs, the tightest first."""
        claims, route = req.context.claims, req.uri_template or ""
        network = req.context.peer.network
        if own := _INSTEAD.get(route):
            yield self._quota(own), network
            return
        if req.method != "GET" and (tighter := _SENSITIVE.get(route)):
            yield self._quota(tighter), network if claims is None else str(claims.account)
        yield (self._quota("anonymous"), network) if claims is None else self._of_caller(claims)

    def _of_caller(self, claims: Claims) -> Counted:
        if claims.method != "api_key":
            plan = "administrator" if claims.role is Role.ADMINISTRATOR else "user"
            return self._quota(plan), str(claims.account)
        client = self._aggregates.kept(ApiClient, claims.account)  # found a moment ago, to let it in
        limit = self._options.api_key
        return Quota("api_key", min(limit, client.rate_limit) if client else limit), str(claims.account)

    def _quota(self, name: str) -> Quota:
        return Quota(name, getattr(self._options, name))
