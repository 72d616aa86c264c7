"""The OpenAPI document, for programs."""

from __future__ import annotations

import json
from typing import Any

from falcon import MEDIA_JSON, App, Request, Response

from countersign.http.endpoints import public
from countersign.http.options import Options


class OpenApi:
    """`GET /openapi.json`."""

    def __init__(self, app: App[Any, Any], options: Options) -> None:
        self._app = app
        self._options = options
        self._encoded: bytes | None = None

    @public("Service", media=(MEDIA_JSON,))
    def on_get(self, _req: Request, resp: Response) -> None:
        """Describe this API."""
        if self._encoded is None:  # made at the first request, when all routes are known
            self._encoded = self._made()
        resp.content_type = MEDIA_JSON
        resp.data = self._encoded
        resp.set_header("Cache-Control", "no-cache")

    def _made(self) -> bytes:
        # Imported here: its maker takes 40 MB, and most processes are never asked.
        from countersign.http.about.openapi_document import openapi_document  # noqa: PLC0415

        return json.dumps(openapi_document(self._app, self._options)).encode()
