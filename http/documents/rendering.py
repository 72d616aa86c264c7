"""One rendering, and its file."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import Final
from uuid import UUID

from falcon import Request, Response

from countersign.aggregates.permissions import actions_of, permitted
from countersign.aggregates.render_order import Format, Kind
from countersign.aggregates.rendering import Rendering
from countersign.aggregates.report.report import Report
from countersign.aggregates.report.status import Status
from countersign.commands.permit import NotPermitted
from countersign.eventstore.blobs import BlobMissing, Blobs
from countersign.eventstore.store import NotFound
from countersign.http.documents.rendering_answer import RenderingAnswer, rendering_answer
from countersign.http.endpoints import query
from countersign.http.past.moments import AsOf
from countersign.http.past.past import Past
from countersign.http.preconditions import is_known, tag_digest, tag_version
from countersign.http.problems import Refusal
from countersign.http.reports.visibility import is_visible
from countersign.http.services import Services
from countersign.http.tokens import Claims

MEDIA_TYPES: Final = {
    Format.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Format.PDF: "application/pdf",
}
_DOWNLOAD: Final = "DownloadUnissued"
_UNSAFE: Final = re.compile(r"[^\w.()+-]+")


class OneRendering:
    """`GET /v1/renderings/{rendering_id}`."""

    def __init__(self, services: Services, past: Past) -> None:
        self._services = services
        self._past = past

    @query("Documents")
    def on_get(self, req: Request, resp: Response, rendering_id: UUID, query: AsOf) -> RenderingAnswer:
        """Show a rendering and what came of it, as it is now or as it was."""
        current, _ = visible_rendering(self._services, req.context.claims, rendering_id)
        rendering = self._past.aggregate(req, resp, query, current)
        tag_version(resp, rendering.version)
        return rendering_answer(rendering)


class Document:
    """`GET /v1/renderings/{rendering_id}/document`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @query("Documents", refusals=(403, 409, 410), media=tuple(MEDIA_TYPES.values()))
    def on_get(self, req: Request, resp: Response, rendering_id: UUID) -> None:
        """Download the finished file. Its ETag is its SHA-256."""
        rendering, report = visible_rendering(self._services, req.context.claims, rendering_id)
        _require_download(rendering, report, req.context.claims)
        report.require_not_disposed()
        artifact = rendering.document
        if artifact is None:
            raise Refusal(409, "not_rendered", f"the document is {rendering.status}: follow its job")
        tag_digest(resp, artifact.digest)
        resp.set_header("Cache-Control", "private, no-cache")
        if is_known(req, artifact.digest):
            resp.status = 304
            return
        resp.data = _intact(self._services.blobs, artifact.digest)
        resp.content_type = MEDIA_TYPES[artifact.format]
        resp.downloadable_as = _file_name(report.document_number, rendering)


def visible_rendering(services: Services, claims: Claims, rendering_id: UUID) -> tuple[Rendering, Report]:
    """A rendering with the report that it was made of.

    Raises:
        NotFound: there is none, or none of a report that the caller may see.
    """
    rendering = services.aggregates.find(Rendering, rendering_id)
    report = None if rendering is None else services.aggregates.find(Report, rendering.report_id)
    if rendering is None or report is None or not is_visible(report, claims):
        raise NotFound(f"there is no rendering with the id {rendering_id}")
    return rendering, report


def _require_download(rendering: Rendering, report: Report, claims: Claims) -> None:
    own = report.owner == claims.owner
    issued = rendering.kind is Kind.FINAL and report.status is Status.ISSUED
    covered = claims.scopes is None or _DOWNLOAD in actions_of(claims.scopes)
    if not (issued and covered) and not permitted(claims.role, _DOWNLOAD, own=own, scopes=claims.scopes):
        raise NotPermitted(f"your role ({claims.role}) downloads documents once they are issued")


def _intact(blobs: Blobs, digest: str) -> bytes:
    try:
        content = blobs.get(digest)
    except BlobMissing:
        content = b""
    if sha256(content).hexdigest() != digest:
        raise Refusal(
            500, "document_damaged", "the stored file is not the one that was made: tell an operator"
        )
    return content


def _file_name(number: str, rendering: Rendering) -> str:
    suffix = "" if rendering.kind is Kind.FINAL else f"_{rendering.kind}"
    return (
        f"{_UNSAFE.sub('-', number).strip('-.') or 'report'}_{rendering.revision}{suffix}.{rendering.format}"
    )
