"""The duty that calls off review copies that nobody will read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from countersign.aggregates.render_order import Kind
from countersign.aggregates.rendering import OPEN
from countersign.commands.rendering.call_off_review_copy import CallOffReviewCopy
from countersign.eventstore.databases import Database
from countersign.projections.letters.stale_keys import reached
from countersign.projections.work.document_store_queries import documents_of
from countersign.workers.course import Course, NotYet
from countersign.workers.effect import Effect
from countersign.workers.failure import EffectFailed
from countersign.workers.issuer import Issuer

TABLE = "document_store"
SOON = timedelta(seconds=1)


class CallOffReviewCopies:
    """Those that were ordered before it was sent back; what is ordered later is refused by itself."""

    def __init__(self, read: Database, issuer: Issuer, clock: Callable[[], datetime]) -> None:
        self._read = read
        self._issuer = issuer
        self._clock = clock

    def perform(self, effect: Effect, course: Course) -> None:
        """Call off what is not made yet.

        Raises:
            NotYet: the read table does not know yet of all that was ordered before.
        """
        with self._read.read() as connection:
            if reached(connection, [TABLE]).position < effect.position:
                raise NotYet(self._clock() + SOON)
        report_id, revision = UUID(effect.payload["report_id"]), effect.payload["revision"]
        for document in documents_of(self._read, report_id, revision=revision, kind=Kind.REVIEW):
            if document.status in OPEN:
                command = CallOffReviewCopy(rendering_id=document.rendering_id)
                self._issuer.issue(command, effect, step=str(document.rendering_id))

    def failed(self, effect: Effect, failure: EffectFailed, retry_at: datetime | None) -> None:
        """The effect itself is the record: the copy is made, and nobody reads it."""
