"""Names each request, follows it through the log lines, and measures it."""

from __future__ import annotations

import logging
import re
import time
from typing import Any, Final
from uuid import uuid4

from falcon import HTTP_METHODS, Request, Response

from countersign.eventstore.trail import NoTracer, Tracer, Trail, leave_trail, set_trail
from countersign.http.about.metrics import observe_request
from countersign.http.edge.network_policy import ALIVE, PROBES
from countersign.http.edge.peer import TrustedProxies

logger = logging.getLogger(__name__)

_ID: Final = re.compile(r"[A-Za-z0-9._:-]{1,64}")
_PATH_LOGGED: Final = 512
_BROKEN: Final = 500
_UNTRACED: Final = NoTracer()
_TRACEPARENT: Final = re.compile(r"00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")


class Trace:
    """Middleware: request id, correlation, one log line and one measurement a request."""

    def __init__(self, max_body_bytes: int, proxies: TrustedProxies, tracer: Tracer | None = None) -> None:
        self._max_body_bytes = max_body_bytes
        self._proxies = proxies
        self._tracer = tracer or _UNTRACED

    def process_request(self, req: Request, _resp: Response) -> None:
        """Give the request its names before anything can refuse it."""
        req.context.began = time.perf_counter()
        req.context.max_body_bytes = self._max_body_bytes
        given = req.get_header("X-Request-Id") or ""
        req.context.request_id = given if _ID.fullmatch(given) else str(uuid4())
        given = req.get_header("traceparent") or ""
        trace = _TRACEPARENT.fullmatch(given)
        req.context.correlation = trace[1] if trace else req.context.request_id
        self._begin(req, given if trace else "")
        req.context.peer = self._proxies.peer_of(req)
        req.context.client_ip = req.context.peer.ip

    def _begin(self, req: Request, parent: str) -> None:
        context = req.context
        # What probes ask every two seconds is nobody's trace.
        tracer = _UNTRACED if req.path in PROBES or req.path == ALIVE else self._tracer
        method = req.method if req.method in HTTP_METHODS else "_OTHER"  # OpenTelemetry's word for it
        context.span = tracer.begin(method, parent, {"http.request.method": method})
        set_trail(Trail(context.correlation, context.request_id, context.span.traceparent))

    def process_response(self, req: Request, resp: Response, _resource: Any, _succeeded: bool) -> None:
        """Log and measure the answer; the log line has no body, no header and no query."""
        context = req.context
        if not hasattr(context, "began"):
            return
        resp.set_header("X-Request-Id", context.request_id)
        duration_s = time.perf_counter() - context.began
        route = req.uri_template or "(none)"
        observe_request(req.method, route, resp.status_code, duration_s)
        logger.info(
            "request",
            extra={
                "method": req.method,
                "path": req.path[:_PATH_LOGGED],
                "status": resp.status_code,
                "problem": getattr(context, "problem", None),
                "request_id": context.request_id,
                "correlation_id": context.correlation,
                "actor": str(context.claims.account) if getattr(context, "claims", None) else None,
                "duration_ms": round(duration_s * 1000, 2),
            },
        )
        context.span.end(
            {
                "http.route": route,
                "http.response.status_code": resp.status_code,
                "countersign.request_id": context.request_id,
            },
            failed=resp.status_code >= _BROKEN,
        )
        leave_trail()
