"""The OpenAPI document as pages for people, with everything inlined: nothing is fetched from elsewhere."""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from falcon import MEDIA_HTML, Request, Response

from countersign.commands.configuration.flag_reader import FlagReader
from countersign.http.configuration.switched import require_feature
from countersign.http.endpoints import public

_SCRIPT: Final = re.compile(rb"<script[^>]*>(.*?)</script>", re.DOTALL)
_AT_HOME: Final = {
    "dom_id: '#swagger-ui',": "dom_id: '#swagger-ui', validatorUrl: null, docExpansion: 'none',",
    "<redoc ": "<redoc disable-telemetry='true' ",
}
"""What keeps the pages from asking strangers, where the policy would only stop them."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page, and the policy under which its only scripts are the ones that it was built with."""

    content: bytes
    policy: str


class DocsPage:
    """A page made at its first request: its maker takes 40 MB, and most processes are never asked."""

    def __init__(self, template: str, flags: FlagReader) -> None:
        self._flags = flags
        self._template = template
        self._page: Page | None = None

    @public("Service", media=(MEDIA_HTML,), refusals=(404,))
    def on_get(self, _req: Request, resp: Response) -> None:
        """Read about this API, and try it."""
        require_feature(self._flags, "docs_pages")
        if self._page is None:
            self._page = _made(self._template)
        resp.content_type = MEDIA_HTML
        resp.data = self._page.content
        resp.set_header("Content-Security-Policy", self._page.policy)
        resp.set_header("Cache-Control", "no-cache")


class TryItPage(DocsPage):
    """`GET /docs`: Swagger UI, to read and to try."""

    def __init__(self, flags: FlagReader) -> None:
        super().__init__("SWAGGER", flags)


class ReadingPage(DocsPage):
    """`GET /docs/redoc`: Redoc, to read."""

    def __init__(self, flags: FlagReader) -> None:
        super().__init__("REDOC", flags)


def _made(template: str) -> Page:
    from offapi import OpenAPITemplate  # noqa: PLC0415 - see `DocsPage`

    page = OpenAPITemplate[template].value.format(spec_url="/openapi.json")
    for asking, at_home in _AT_HOME.items():
        page = page.replace(asking, at_home)
    content = re.sub(r"<title>.*?</title>", "<title>Countersign API</title>", page).strip().encode()
    scripts = " ".join(f"'sha256-{_digest(script)}'" for script in _SCRIPT.findall(content))
    policy = (
        f"default-src 'none'; script-src {scripts}; style-src 'unsafe-inline'; img-src 'self' data:; "
        "font-src data:; worker-src blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    )
    return Page(content, policy)


def _digest(script: bytes) -> str:
    return b64encode(sha256(script).digest()).decode()
