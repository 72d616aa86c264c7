"""Reports on how the service itself went, for those who run it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from uuid import UUID

from falcon import Request, Response

from countersign.aggregates.operations_report import OperationsReport, Period
from countersign.aggregates.render_order import Format
from countersign.eventstore.blobs import BlobMissing, Blobs
from countersign.eventstore.store import NotFound
from countersign.http.answers import Answer
from countersign.http.documents.rendering import MEDIA_TYPES
from countersign.http.endpoints import query
from countersign.http.parameters import Paging, Parameters
from countersign.http.preconditions import tag_digest
from countersign.http.problems import Refusal
from countersign.http.services import Services
from countersign.http.staleness import Item
from countersign.projections.health.operations_reports_queries import operations_report_page


class OperationsFormat(StrEnum):
    """The forms in which a report may be there."""

    DOCX = "docx"
    PDF = "pdf"


class OperationsFileAnswer(Answer):
    """One form of a report."""

    format: OperationsFormat
    size_bytes: int


class OperationsReportAnswer(Item):
    """A report on the time from `begins` until before `ends`; PDF is only made where LibreOffice is."""

    HANGS_ON = ("report_id",)
    report_id: UUID
    period: Period
    begins: datetime
    ends: datetime
    made_at: datetime
    files: list[OperationsFileAnswer]


class OperationsReportsAnswer(Answer):
    """A page of reports, the newest first."""

    items: list[OperationsReportAnswer]
    next_cursor: str | None


class OperationsReportsWanted(Paging):
    """Which reports."""

    period: Period | None = None


class OperationsDocumentWanted(Parameters):
    """In which form."""

    format: OperationsFormat = OperationsFormat.DOCX


class OperationsReports:
    """`GET /v1/operations-reports`."""

    def __init__(self, services: Services) -> None:
        self._read = services.read

    @query("Operations", reads=("operations_reports",), action="ViewHealth")
    def on_get(
        self, _req: Request, _resp: Response, query: OperationsReportsWanted
    ) -> OperationsReportsAnswer:
        """List the reports on operations."""
        page = operations_report_page(self._read, period=query.period, cursor=query.cursor, limit=query.limit)
        items = [OperationsReportAnswer.model_validate(row) for row in page.rows]
        return OperationsReportsAnswer(items=items, next_cursor=page.next_cursor)


class OperationsDocument:
    """`GET /v1/operations-reports/{report_id}/document`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @query("Operations", action="ViewHealth", refusals=(404, 500), media=tuple(MEDIA_TYPES.values()))
    def on_get(self, _req: Request, resp: Response, query: OperationsDocumentWanted, report_id: UUID) -> None:
        """Download one, as Word or as PDF. Its ETag is its SHA-256."""
        report = self._services.aggregates.find(OperationsReport, report_id)
        file = None if report is None else report.file(query.format)
        if report is None or file is None:
            raise NotFound(f"there is no report {report_id} in the form {query.format}")
        resp.data = _intact(self._services.blobs, file.digest)
        tag_digest(resp, file.digest)
        resp.set_header("Cache-Control", "private, no-cache")
        resp.content_type = MEDIA_TYPES[Format(query.format)]
        resp.downloadable_as = f"operations-{report.period}-{report.begins:%Y-%m-%d}.{query.format}"


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
