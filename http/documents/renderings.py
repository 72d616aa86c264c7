"""The documents of a report, and asking for a draft of one."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from falcon import Request, Response

from countersign.aggregates.render_order import Format, Kind
from countersign.aggregates.rendering import Rendering
from countersign.commands.rendering.request_rendering import RequestRendering
from countersign.http.answers import Answer
from countersign.http.bodies import Form
from countersign.http.calls import answer_receipt, as_left
from countersign.http.documents.rendering_answer import ArtifactAnswer
from countersign.http.endpoints import command, query
from countersign.http.fields import Key
from countersign.http.jobs.job_answer import JobAnswer, job_of_rendering
from countersign.http.past.moments import AsOf
from countersign.http.past.past import Past
from countersign.http.reports.report_commands import dispatch_on
from countersign.http.reports.visibility import visible_report
from countersign.http.services import Services
from countersign.http.staleness import Item
from countersign.projections.work.document_store_queries import Document, documents_of


class DraftForm(Form):
    """A draft of the report as it is now, marked as such on every page."""

    format: Format = Format.DOCX


class DocumentsWanted(AsOf):
    """Which documents, and when: `version:7` of the report, `position:1234`, or a time with its zone.

    What is left out does not matter.
    """

    revision: Key | None = None
    kind: Kind | None = None


class DocumentAnswer(Item):
    """A document; `failure` is the latest one, `document` where the finished file can be had."""

    HANGS_ON = ("id",)
    id: UUID
    revision: str
    kind: Kind
    format: Format
    status: str
    content_digest: str
    template_digest: str
    engine_version: str
    duration_ms: int | None
    failure: str | None
    requested_at: datetime
    completed_at: datetime | None
    artifacts: list[ArtifactAnswer]
    document: str | None
    job: str


class DocumentsAnswer(Answer):
    """The documents of a report, the newest first."""

    items: list[DocumentAnswer]


class Renderings:
    """`/v1/reports/{report_id}/renderings`."""

    def __init__(self, services: Services, past: Past) -> None:
        self._services = services
        self._past = past

    @query("Documents", reads=("document_store",))
    def on_get(
        self, req: Request, resp: Response, report_id: UUID, query: DocumentsWanted
    ) -> DocumentsAnswer:
        """List the documents of a report, as they are now or as they were."""
        visible_report(self._services.aggregates, req.context.claims, report_id)
        with self._past.of_report(req, resp, query, "document_store", report_id) as then:
            found = documents_of(then.read, report_id, revision=query.revision, kind=query.kind)
        return DocumentsAnswer(items=[_answer(each) for each in found])

    @command("Documents", status=202, refusals=(403, 409))
    def on_post(self, req: Request, resp: Response, report_id: UUID, form: DraftForm) -> JobAnswer:
        """Ask for a draft. The same content is rendered once; its job is answered again."""
        services = self._services
        services.sessions.current(req.context.claims, services.clock())
        report = visible_report(services.aggregates, req.context.claims, report_id)
        wanted = RequestRendering(
            report_id=report_id, revision=report.revision, kind=Kind.DRAFT, format=form.format
        )
        receipt = dispatch_on(services, req, report_id, wanted)
        rendering_id, _ = receipt.streams[0]
        answer_receipt(resp, receipt)
        resp.location = f"/v1/jobs/{rendering_id}"
        return job_of_rendering(as_left(services.aggregates, Rendering, rendering_id, receipt))


def _answer(document: Document) -> DocumentAnswer:
    return DocumentAnswer(
        id=document.rendering_id,
        revision=document.revision,
        kind=Kind(document.kind),
        format=Format(document.format),
        status=document.status,
        content_digest=document.content_digest,
        template_digest=document.template_digest,
        engine_version=document.engine_version,
        duration_ms=document.duration_ms,
        failure=document.failure,
        requested_at=document.requested_at,
        completed_at=document.completed_at,
        artifacts=[ArtifactAnswer.model_validate(each) for each in document.files],
        document=f"/v1/renderings/{document.rendering_id}/document" if document.files else None,
        job=f"/v1/jobs/{document.rendering_id}",
    )
