"""Headers that keep browsers and caches from doing more than they should."""

from __future__ import annotations

from typing import Any, Final

from falcon import Request, Response

_ALWAYS: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_UNLESS_SET: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}


class SecurityHeaders:
    """Middleware: an answer is not to be sniffed, framed or kept, unless its resource says otherwise."""

    def process_response(self, _req: Request, resp: Response, _resource: Any, _succeeded: bool) -> None:
        """Set the headers."""
        resp.set_headers(_ALWAYS)
        for name, value in _UNLESS_SET.items():
            if resp.get_header(name) is None:
                resp.set_header(name, value)
