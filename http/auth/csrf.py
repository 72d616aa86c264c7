"""The word by which a page of this service shows that a request is its own."""

from __future__ import annotations

from falcon import Request, Response

from countersign.http.answers import Answer
from countersign.http.browser.cookie import presented
from countersign.http.endpoints import query
from countersign.http.problems import Refusal
from countersign.http.services import Services


class CsrfToken(Answer):
    """Send it as `X-CSRF-Token` with whatever changes something; it changes with the cookie."""

    csrf_token: str


class Csrf:
    """`GET /v1/auth/csrf`."""

    def __init__(self, services: Services) -> None:
        self._ids = services.cookie_ids

    @query("Signing in", reads=None, enrolling=True, refusals=(400,))
    def on_get(self, req: Request, _resp: Response) -> CsrfToken:
        """Tell a page the token of its browser's session."""
        cookie_id = presented(req)
        if cookie_id is None or req.context.claims.method != "cookie":
            raise Refusal(400, "no_browser_session", "only requests with the session cookie need this token")
        return CsrfToken(csrf_token=self._ids.csrf_token(cookie_id))
