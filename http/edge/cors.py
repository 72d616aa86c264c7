"""Which pages of other origins may call: none, unless their origin is named exactly (Fetch, section 3.3)."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

from falcon import Request, Response

_ALLOWED_HEADERS: Final = "Authorization, Content-Type, Idempotency-Key, If-Match, Min-Position, traceparent"
_EXPOSED: Final = (
    "ETag, Location, Position, As-Of-Position, Idempotent-Replayed, RateLimit, RateLimit-Policy, "
    "Retry-After, X-Request-Id"
)
_REMEMBER_S: Final = "600"


class Cors:
    """Middleware. Never with credentials of the browser: a page of another origin brings its own token."""

    def __init__(self, origins: Collection[str]) -> None:
        self._origins = frozenset(origins)

    def process_response(self, req: Request, resp: Response, resource: Any, _succeeded: bool) -> None:
        """Tell the browser what the page may do."""
        if not self._origins:
            return
        resp.append_header("Vary", "Origin")
        origin = req.get_header("Origin")
        if origin not in self._origins:
            return
        resp.set_header("Access-Control-Allow-Origin", origin)
        resp.set_header("Access-Control-Expose-Headers", _EXPOSED)
        if req.method == "OPTIONS" and req.get_header("Access-Control-Request-Method") and resource:
            resp.set_header("Access-Control-Allow-Methods", resp.get_header("Allow") or "")
            resp.set_header("Access-Control-Allow-Headers", _ALLOWED_HEADERS)
            resp.set_header("Access-Control-Max-Age", _REMEMBER_S)
