"""A document that was asked for, and what came of it."""

from __future__ import annotations

from uuid import UUID

from countersign.aggregates.render_order import Format, Kind
from countersign.aggregates.rendering import Rendering, RenderingStatus
from countersign.http.answers import Answer


class ArtifactAnswer(Answer):
    """A finished file, by its SHA-256."""

    format: Format
    digest: str
    size_bytes: int


class RenderingAnswer(Answer):
    """A rendering. `document` is where the finished file can be had; null until then."""

    id: UUID
    version: int
    report_id: UUID
    revision: str
    kind: Kind
    format: Format
    status: RenderingStatus
    attempts: int
    input_digest: str
    content_digest: str
    template_digest: str
    engine_version: str
    artifacts: list[ArtifactAnswer]
    document: str | None
    job: str


def rendering_answer(rendering: Rendering) -> RenderingAnswer:
    """A rendering as the log has it now."""
    return RenderingAnswer(
        id=rendering.id,
        version=rendering.version,
        report_id=rendering.report_id,
        revision=rendering.revision,
        kind=rendering.kind,
        format=rendering.format,
        status=rendering.status,
        attempts=rendering.attempts,
        input_digest=rendering.input_digest,
        content_digest=rendering.content_digest,
        template_digest=rendering.template_digest,
        engine_version=rendering.engine_version,
        artifacts=[ArtifactAnswer.model_validate(each) for each in rendering.artifacts],
        document=f"/v1/renderings/{rendering.id}/document" if rendering.document else None,
        job=f"/v1/jobs/{rendering.id}",
    )
