"""Counts and tells which reports could be disposed of, and destroys what is left over of those that were."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import uuid4

from countersign.commands.retention.note_content_destroyed import NoteContentDestroyed
from countersign.eventstore.context import SYSTEM, Context
from countersign.eventstore.databases import Database
from countersign.projections.reports.retention_due_queries import due_at, left_over
from countersign.projections.work.job_board_queries import job_page
from countersign.projections.work.job_states import JobState
from countersign.workers.course import Course
from countersign.workers.issuer import Dispatch
from countersign.workers.retention.destruction import Destruction, NotYetDestroyed
from countersign.workers.retention.telling import TellOfRetention

logger = logging.getLogger(__name__)

KIND: Final = "retention_list"


class RetentionList:
    """The daily list. A document that was being made while its report was disposed of goes now."""

    def __init__(
        self, read: Database, dispatcher: Dispatch, destruction: Destruction, telling: TellOfRetention
    ) -> None:
        self._read = read
        self._dispatcher = dispatcher
        self._destruction = destruction
        self._telling = telling

    def __call__(self, now: datetime, course: Course) -> Mapping[str, str]:
        """Look; returns how many are due, held, proposed and approved, and of how many something was left.

        `told_to` is since when the newest waited that anybody was told of; the next run goes on from there.
        """
        leftovers = left_over(self._read)
        for report_id in leftovers:
            course.go_on()
            try:
                done = self._destruction.of(report_id)
            except NotYetDestroyed as early:
                logger.info("contents wait for tomorrow", extra={"reason": str(early)})
                continue
            note = NoteContentDestroyed(report_id=report_id, contents=done.contents, shared=done.shared)
            context = Context(
                actor=SYSTEM,
                command_key=str(uuid4()),
                correlation=f"retention of {report_id}",
                fresh_key=True,
            )
            self._dispatcher.dispatch(note, context)
        due = due_at(self._read, now)
        told_to = self._telling.tell(now, self._told_to())
        return {
            "due": str(due.due),
            "held": str(due.held),
            "proposed": str(due.proposed),
            "approved": str(due.approved),
            "left_over": str(len(leftovers)),
            "told_to": "" if told_to is None else told_to.isoformat(),
        }

    def _told_to(self) -> datetime | None:
        done = job_page(self._read, subject=KIND, state=JobState.SUCCEEDED, limit=1).rows
        said = (done[0].result or {}).get("told_to") if done else None
        return datetime.fromisoformat(said) if said else None
