"""Where everything is."""

from __future__ import annotations

from typing import Final

from falcon import Request, Response

from countersign.http.answers import Answer
from countersign.http.endpoints import public
from countersign.http.options import Options
from countersign.http.services import Services

_LINKS: Final = {
    "documentation": "/docs",
    "openapi": "/openapi.json",
    "alive": "/livez",
    "ready": "/readyz",
    "metrics": "/metrics",
    "sign_in": "/v1/auth/login",
    "sign_in_with_a_browser": "/v1/auth/browser-session",
    "signing_keys": "/.well-known/jwks.json",
    "me": "/v1/me",
    "second_factor": "/v1/auth/second-factor",
    "sessions": "/v1/sessions",
    "report_types": "/v1/report-types",
    "reports": "/v1/reports",
    "approvals": "/v1/approvals",
    "search": "/v1/search",
    "searches": "/v1/searches",
    "schedules": "/v1/schedules",
    "accounts": "/v1/accounts",
    "jobs": "/v1/jobs",
    "webhooks": "/v1/webhooks",
    "projections": "/v1/projections",
    "health": "/v1/health",
    "incidents": "/v1/incidents",
    "operations_reports": "/v1/operations-reports",
    "dead_letters": "/v1/dead-letters",
    "audit": "/v1/audit",
    "security_events": "/v1/security-events",
    "network_blocks": "/v1/network-blocks",
    "feature_flags": "/v1/feature-flags",
}
_SWITCHED: Final = {"documentation": "docs_pages", "metrics": "metrics"}


class IndexAnswer(Answer):
    """The service, and its addresses by what they are for."""

    name: str
    version: str
    links: dict[str, str]


class Index:
    """`GET /`."""

    def __init__(self, services: Services, options: Options) -> None:
        self._flags, self._version = services.flags, options.version

    @public("Service")
    def on_get(self, _req: Request, _resp: Response) -> IndexAnswer:
        """List where everything is."""
        links = {name: address for name, address in _LINKS.items() if self._is_there(name)}
        return IndexAnswer(name="Countersign", version=self._version, links=links)

    def _is_there(self, name: str) -> bool:
        return name not in _SWITCHED or self._flags.enabled(_SWITCHED[name])
