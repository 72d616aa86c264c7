"""Every refusal that says something about the safety of the service is noted."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from falcon import HTTP_METHODS, Request, Response

from countersign.aggregates.security_event import SecurityEventKind
from countersign.http.edge.automatic_block import AutomaticBlock
from countersign.http.security_notes import SecurityNotes

_BY_CODE: Final[Mapping[str, SecurityEventKind]] = MappingProxyType(
    {
        "invalid_token": SecurityEventKind.INVALID_TOKEN,
        "invalid_refresh_token": SecurityEventKind.INVALID_TOKEN,
        "session_ended": SecurityEventKind.SESSION_REFUSED,
        "client_certificate_refused": SecurityEventKind.CLIENT_CERTIFICATE_REFUSED,
        "invalid_host": SecurityEventKind.HOST_REFUSED,
        "host_refused": SecurityEventKind.HOST_REFUSED,
        "cross_site_refused": SecurityEventKind.CSRF_REFUSED,
        "last_administrator": SecurityEventKind.ACCESS_DENIED,
        "https_required": SecurityEventKind.HTTPS_REFUSED,
        "network_blocked": SecurityEventKind.BLOCKED_NETWORK_REFUSED,
    }
)
_BY_STATUS: Final[Mapping[int, SecurityEventKind]] = MappingProxyType(
    {
        401: SecurityEventKind.AUTHENTICATION_FAILED,
        403: SecurityEventKind.ACCESS_DENIED,
        429: SecurityEventKind.RATE_LIMITED,
    }
)
_RECORDED_ELSEWHERE: Final = frozenset({"bad_credentials", "invalid_code", "refresh_reused"})
"""The handlers of these commands record them: as facts of an address, or of a session."""
_ORDINARY: Final = frozenset(
    {"reauth_required", "second_factor_required", "second_factor_enrolment_required"}
)
_NO_ATTEMPT: Final = frozenset(
    {"authentication_required", "session_ended", "https_required", "network_blocked"}
)


class Noting:
    """Middleware, outside of all that refuses."""

    def __init__(self, notes: SecurityNotes, automatic_block: AutomaticBlock) -> None:
        self._notes = notes
        self._automatic_block = automatic_block

    def process_response(self, req: Request, resp: Response, _resource: Any, _succeeded: bool) -> None:
        """Note a refusal, and count those of strangers."""
        code = getattr(req.context, "problem", None)
        if code is None:
            return
        kind = _BY_CODE.get(code) or _BY_STATUS.get(resp.status_code)
        if kind is None:
            return
        if code not in _RECORDED_ELSEWHERE | _ORDINARY:
            self._notes.note(kind, req, **_detail(req, code))
        if getattr(req.context, "claims", None) is None and code not in _NO_ATTEMPT:
            self._count(req)

    def _count(self, req: Request) -> None:
        block = self._automatic_block.after_refusal(req.context.peer)
        if block is not None:
            self._notes.block(block, req.context.correlation)


def _detail(req: Request, code: str) -> Mapping[str, str]:
    """With what an authenticator knows of a caller whom it has refused, if it does."""
    known: Mapping[str, str] = getattr(req.context, "noted", {})
    return {"code": code, "method": _method(req), "route": req.uri_template or "(none)", **known}


def _method(req: Request) -> str:
    return req.method if req.method in HTTP_METHODS else "(other)"
