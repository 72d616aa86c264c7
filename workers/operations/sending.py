"""The duty that mails a report on operations."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Final
from uuid import UUID

from countersign.aggregates.email_contents import Attached, EmailPurpose
from countersign.aggregates.operations_report import OperationsReport
from countersign.eventstore.aggregates import Aggregates
from countersign.workers.course import Course
from countersign.workers.effect import Effect
from countersign.workers.failure import EffectFailed
from countersign.workers.mail.occasion import MOMENT
from countersign.workers.mail.operators import operators
from countersign.workers.mail.planning import Planner
from countersign.workers.mail.queueing import MEDIA_TYPES

_WORD: Final = "docx"


class SendOperationsReport:
    """To the operators, for the periods of which they want it."""

    def __init__(self, aggregates: Aggregates, planner: Planner, mailed: Collection[str]) -> None:
        self._aggregates = aggregates
        self._planner = planner
        self._mailed = mailed

    def perform(self, effect: Effect, course: Course) -> None:
        """Plan a mail to each of them, with the Word document."""
        report = self._aggregates.find(OperationsReport, UUID(effect.payload["report_id"]))
        if report is None or report.period not in self._mailed:
            return
        facts = {
            "period": str(report.period),
            "begins": report.begins.strftime(MOMENT),
            "ends": report.ends.strftime(MOMENT),
            "report_id": str(report.id),
        }
        for to in operators(self._aggregates):
            self._planner.plan(effect, EmailPurpose.OPERATIONS_REPORT, to, facts, _enclosed(report))

    def failed(self, effect: Effect, failure: EffectFailed, retry_at: datetime | None) -> None:
        """The effect itself is the record: there is no mail yet."""


def _enclosed(report: OperationsReport) -> tuple[Attached, ...]:
    word = report.file(_WORD)
    if word is None:
        return ()
    return (Attached(f"{file_stem(report)}.{_WORD}", word.digest, MEDIA_TYPES[_WORD]),)


def file_stem(report: OperationsReport) -> str:
    """What its files are called."""
    return f"operations-{report.period}-{report.begins:%Y-%m-%d}"
