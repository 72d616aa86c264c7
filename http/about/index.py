"""Where everything is."""

from __future__ import annotations

from typing import Final

from falcon import Request, Response

from countersign.http.answers import Answer
from countersign.http.endpoints import public
from countersign.http.options import Options

_LINKS: Final = {
    "documentation": "/docs",
    "openapi": "/openapi.json",
    "alive": "/livez",
    "ready": "/readyz",
    "metrics": "/metrics",
    "sign_in": "/v1/auth/login",
    "me": "/v1/me",
    "report_types": "/v1/report-types",
    "reports": "/v1/reports",
    "approvals": "/v1/approvals",
    "accounts": "/v1/accounts",
    "jobs": "/v1/jobs",
    "audit": "/v1/audit",
}


class IndexAnswer(Answer):
    """The service, and its addresses by what they are for."""

    name: str
    version: str
    links: dict[str, str]


class Index:
    """`GET /`."""

    def __init__(self, options: Options) -> None:
        links = dict(_LINKS)
        if not options.docs_pages:
            del links["documentation"]
        if not options.metrics:
            del links["metrics"]
        self._answer = IndexAnswer(name="Countersign", version=options.version, links=links)

    @public("Service")
    def on_get(self, _req: Request, _resp: Response) -> IndexAnswer:
        """List where everything is."""
        return self._answer
