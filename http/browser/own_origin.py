"""Whether a request of a browser comes from a page of this service."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from falcon import Request

from countersign.http.problems import Refusal

_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "[::1]"})
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}


class CrossSiteRefused(Refusal):
    """The request may have been made by a page of somebody else; `detail` says what gives it away."""

    def __init__(self, reason: str) -> None:
        super().__init__(403, "cross_site_refused", reason)


class OwnOrigin:
    """The origin at which the service is reached; on loopback, all its names."""

    def __init__(self, public_url: str) -> None:
        self._own = _origins(public_url)

    def require(self, req: Request) -> None:
        """Refuse what a page of another origin has sent; scripts can set neither of these headers.

        Raises:
            CrossSiteRefused: from elsewhere, or it cannot be told.
        """
        site, origin = req.get_header("Sec-Fetch-Site"), req.get_header("Origin")
        if site is None and origin is None:
            raise CrossSiteRefused(
                "a browser that says neither Origin nor Sec-Fetch-Site is too old for this"
            )
        if site not in {None, "same-origin"}:
            raise CrossSiteRefused("this was sent by a page of another origin")
        if origin is not None and origin not in self._own:
            raise CrossSiteRefused("the Origin is not that of this service (http.public_url)")


def _origins(public_url: str) -> frozenset[str]:
    parts = urlsplit(public_url)
    host = f"[{parts.hostname}]" if parts.hostname and ":" in parts.hostname else parts.hostname
    if host is None:
        return frozenset()
    port = "" if parts.port in {None, _DEFAULT_PORTS.get(parts.scheme)} else f":{parts.port}"
    names = _LOOPBACK if host in _LOOPBACK else {host}
    return frozenset(f"{parts.scheme}://{name}{port}" for name in names)
