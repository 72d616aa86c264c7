"""The duties of disposing of a report: the tombstone first, then the contents."""

from __future__ import annotations

import logging
from datetime import datetime
from uuid import UUID

from countersign.aggregates.report.retention_refusals import (
    NotProposed,
    OnLegalHold,
    ReportDisposed,
    RetentionRuns,
    WrongStanding,
)
from countersign.commands.retention.dispose_report import DisposeReport
from countersign.commands.retention.note_content_destroyed import NoteContentDestroyed
from countersign.workers.course import Course, NotYet
from countersign.workers.effect import Effect
from countersign.workers.failure import EffectFailed
from countersign.workers.issuer import Issuer
from countersign.workers.retention.destruction import Destruction, NotYetDestroyed
from countersign.workers.timers.punctual import Punctual

logger = logging.getLogger(__name__)

CAME_BETWEEN = (NotProposed, OnLegalHold, ReportDisposed, RetentionRuns, WrongStanding)


class Dispose:
    """Sets the tombstone, unless a hold, a restoration or a change of mind has come in between."""

    def __init__(self, punctual: Punctual) -> None:
        self._punctual = punctual

    def perform(self, effect: Effect, course: Course) -> None:
        """Give the command."""
        command = DisposeReport(report_id=UUID(effect.payload["report_id"]))
        try:
            self._punctual.issue(command, effect)
        except CAME_BETWEEN as kept:
            logger.info("report not disposed of", extra=dict(effect.payload) | {"reason": kept.detail})

    def failed(self, effect: Effect, failure: EffectFailed, retry_at: datetime | None) -> None:
        """The effect itself is the record."""


class DestroyContent:
    """Destroys the contents, and notes it in the history of the report."""

    def __init__(self, issuer: Issuer, destruction: Destruction) -> None:
        self._issuer = issuer
        self._destruction = destruction

    def perform(self, effect: Effect, course: Course) -> None:
        """Do it, and say how much it was.

        Raises:
            NotYet: some of it is there still.
        """
        report_id = UUID(effect.payload["report_id"])
        try:
            done = self._destruction.of(report_id)
        except NotYetDestroyed as early:
            raise NotYet(early.again_at) from early
        note = NoteContentDestroyed(report_id=report_id, contents=done.contents, shared=done.shared)
        self._issuer.issue(note, effect)

    def failed(self, effect: Effect, failure: EffectFailed, retry_at: datetime | None) -> None:
        """The effect itself is the record, and the daily list names what is left over."""
