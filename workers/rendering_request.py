"""The duty that orders documents."""

from __future__ import annotations

import logging
from datetime import datetime
from uuid import UUID

from countersign.aggregates.render_order import Format, Kind
from countersign.aggregates.report.refusals import WrongStatus
from countersign.commands.rendering.request_rendering import RequestRendering
from countersign.workers.course import Course
from countersign.workers.effect import Effect
from countersign.workers.failure import EffectFailed
from countersign.workers.issuer import Issuer

logger = logging.getLogger(__name__)


class OrderDocument:
    """One command; what the document is made of is decided there."""

    def __init__(self, issuer: Issuer) -> None:
        self._issuer = issuer

    def perform(self, effect: Effect, course: Course) -> None:
        """Order it, unless the revision has gone another way meanwhile."""
        payload = effect.payload
        command = RequestRendering(
            report_id=UUID(payload["report_id"]),
            revision=payload["revision"],
            kind=Kind(payload["kind"]),
            format=Format(payload["format"]),
        )
        try:
            self._issuer.issue(command, effect)
        except WrongStatus as overtaken:
            logger.info("document not wanted any more", extra=dict(payload) | {"reason": overtaken.detail})

    def failed(self, effect: Effect, failure: EffectFailed, retry_at: datetime | None) -> None:
        """The effect itself is the record: there is no rendering yet."""
