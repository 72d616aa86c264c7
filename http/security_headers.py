"""Headers that keep browsers and caches from doing more than they should."""

from __future__ import annotations

from typing import Any, Final

from falcon import Request, Response

_ALWAYS: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
}
_UNLESS_SET: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
}
_OVER_TLS: Final = "max-age=63072000; includeSubDomains"


class SecurityHeaders:
    """Middleware: an answer is not to be sniffed, framed or kept, unless its resource says otherwise.

    What somebody had to sign in for is kept by no cache at all, not even the browser's.
    """

    def process_response(self, req: Request, resp: Response, _resource: Any, _succeeded: bool) -> None:
        """Set the headers."""
        resp.set_headers(_ALWAYS)
        for name, value in _UNLESS_SET.items():
            if resp.get_header(name) is None:
                resp.set_header(name, value)
        if getattr(req.context, "claims", None):
            resp.set_header("Cache-Control", "no-store")
        if req.context.peer.scheme == "https":
            resp.set_header("Strict-Transport-Security", _OVER_TLS)
