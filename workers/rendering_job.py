"""The duty that makes documents: an attempt on record, the work, the document on record."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from countersign.aggregates.artifact import Artifact
from countersign.aggregates.render_order import Format
from countersign.aggregates.rendering import OPEN, FailureClass, Rendering, RenderingStatus
from countersign.aggregates.rendering_refusals import RenderingFinished
from countersign.commands.rendering.complete_rendering import CompleteRendering
from countersign.commands.rendering.fail_rendering import FailRendering
from countersign.commands.rendering.start_rendering import StartRendering
from countersign.eventstore.aggregates import Aggregates
from countersign.eventstore.blobs import Blobs
from countersign.workers.course import Cancelled, Course, Watched
from countersign.workers.effect import Effect
from countersign.workers.failure import EffectFailed
from countersign.workers.issuer import Issuer
from countersign.workers.rendering.context import build_context
from countersign.workers.rendering.failures import RenderFailure
from countersign.workers.rendering.limits import Limits
from countersign.workers.rendering.renderer import Renderer

TEMPLATES_KEPT = 8
ToPdf = Callable[[bytes, float, Watched], bytes]


class RenderDocument:
    """Makes one document. Equal input gives equal bytes, so doing it twice does no harm.

    The attempt goes on record while the document is made: making it touches nothing outside.
    """

    def __init__(
        self,
        aggregates: Aggregates,
        blobs: Blobs,
        issuer: Issuer,
        renderer: Renderer,
        limits: Limits,
        to_pdf: ToPdf,
    ) -> None:
        self._aggregates = aggregates
        self._blobs = blobs
        self._template = lru_cache(TEMPLATES_KEPT)(blobs.get)  # a digest always names the same bytes
        self._issuer = issuer
        self._renderer = renderer
        self._limits = limits
        self._to_pdf = to_pdf

    def perform(self, effect: Effect, course: Course) -> None:
        """Make it unless it is there, was given up, or is not wanted any more."""
        rendering = self._rendering(effect)
        if rendering.status not in OPEN:
            return
        try:
            files, duration_ms = self._made(rendering, course, lambda: self._start(effect))
        except RenderFailure as failure:
            course.go_on()  # it was stopped, perhaps: then nothing has failed
            raise EffectFailed(failure.failure_class, str(failure)) from failure
        course.go_on()
        done = CompleteRendering(
            rendering_id=rendering.id,
            artifacts=tuple(Artifact(form, self._blobs.put(file), len(file)) for form, file in files.items()),
            duration_ms=round(duration_ms),
        )
        try:
            self._issuer.insist(done, effect, step=f"{effect.fence}/complete")
        except RenderingFinished as overtaken:
            raise Cancelled from overtaken

    def failed(self, effect: Effect, failure: EffectFailed, retry_at: datetime | None) -> None:
        """Every failure is that of an attempt."""
        rendering = self._rendering(effect)
        if rendering.status not in OPEN:
            return
        if rendering.status is not RenderingStatus.RUNNING:
            self._start(effect)
        command = FailRendering(
            rendering_id=rendering.id,
            failure_class=FailureClass(failure.failure_class),
            message=failure.message,
            retry_at=retry_at,
        )
        self._issuer.insist(command, effect, step=f"{effect.fence}/fail")

    def _start(self, effect: Effect) -> None:
        command = StartRendering(rendering_id=_rendering_id(effect), worker=effect.holder)
        self._issuer.issue(command, effect, step=f"{effect.fence}/start")

    def _made(
        self, rendering: Rendering, course: Course, meanwhile: Callable[[], None]
    ) -> tuple[Mapping[Format, bytes], float]:
        """The files, and how long the making alone took, in milliseconds."""
        template = self._template(rendering.template_digest)
        context = build_context(json.loads(self._blobs.get(rendering.input_digest)))
        made = self._renderer.render(template, context, self._limits, meanwhile, course.watched)
        if rendering.format is not Format.PDF:
            return {Format.DOCX: made.docx}, made.duration_ms
        began = time.perf_counter()
        pdf = self._to_pdf(made.docx, self._limits.wall_s, course.watched)
        conversion_ms = (time.perf_counter() - began) * 1000
        return {Format.DOCX: made.docx, Format.PDF: pdf}, made.duration_ms + conversion_ms

    def _rendering(self, effect: Effect) -> Rendering:
        rendering = self._aggregates.find(Rendering, _rendering_id(effect))
        if rendering is None:
            raise EffectFailed(FailureClass.VALIDATION, f"there is no rendering {_rendering_id(effect)}")
        return rendering


def _rendering_id(effect: Effect) -> UUID:
    return UUID(effect.payload["rendering_id"])
