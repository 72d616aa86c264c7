"""The cookie of a browser session: no script reads it, no other site sends it, no plain line carries it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from falcon import Request, Response

from countersign.aggregates.session import Session
from countersign.http.browser.cookie_ids import CookieIds
from countersign.http.problems import Refusal

# The prefix makes browsers insist on Secure, on Path=/ and on no Domain, so that no neighbour can set it.
NAME: Final = "__Host-countersign"
CSRF_HEADER: Final = "X-CSRF-Token"
_ATTRIBUTES: Final[dict[str, Any]] = {
    "path": "/",
    "secure": True,
    "http_only": True,
    "same_site": "Strict",
}
_LONG_AGO: Final = datetime(1970, 1, 1, tzinfo=UTC)


def set_cookie(resp: Response, cookie_id: str) -> None:
    """Hand the browser an id, until it is closed."""
    resp.set_cookie(NAME, cookie_id, **_ATTRIBUTES)


def renew_cookie(req: Request, resp: Response, ids: CookieIds, session: Session) -> None:
    """Hand a browser the id that its session has since a new proof of identity; the old one is of no use."""
    if req.context.claims.method == "cookie":
        cookie_id = ids.issue(session.id, session.reauthenticated_at)
        set_cookie(resp, cookie_id)
        resp.set_header(CSRF_HEADER, ids.csrf_token(cookie_id))


def clear_cookie(resp: Response) -> None:
    """Have the browser forget its id."""
    resp.set_cookie(NAME, "", expires=_LONG_AGO, **_ATTRIBUTES)


def presented(req: Request) -> str | None:
    """The id in a request; None without one.

    Raises:
        Refusal: 401, there are several.
    """
    values = req.get_cookie_values(NAME)
    if not values:
        return None
    if len(values) > 1:
        raise invalid_cookie("the session cookie stands there more than once")
    return values[0]


def invalid_cookie(reason: str) -> Refusal:
    """The refusal of a cookie that lets nobody in."""
    return Refusal(401, "invalid_session_cookie", reason, headers={"WWW-Authenticate": "Bearer"})
