"""Periodic work: makes the report of the day, week or month that is over."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import uuid4

from countersign.aggregates.operations_report import (
    OperationsReport,
    Period,
    ReportFile,
    operations_report_id,
)
from countersign.commands.operations_report.note_operations_report import NoteOperationsReport
from countersign.eventstore.aggregates import Aggregates
from countersign.eventstore.blobs import Blobs
from countersign.eventstore.context import SYSTEM, Context
from countersign.eventstore.databases import Database
from countersign.workers.course import Course
from countersign.workers.issuer import Dispatch
from countersign.workers.operations.findings import findings
from countersign.workers.operations.spans import SpanOfTime, last_whole
from countersign.workers.rendering.failures import RendererLost, RenderTimeout
from countersign.workers.rendering.pdf import ConverterMissing

logger = logging.getLogger(__name__)

ToPdf = Callable[[bytes, float], bytes]
PDF_WALL_S: Final = 120.0


class OperationsReporting:
    """Word always; PDF where LibreOffice is."""

    def __init__(
        self,
        period: Period,
        read: Database,
        aggregates: Aggregates,
        blobs: Blobs,
        dispatcher: Dispatch,
        to_pdf: ToPdf,
    ) -> None:
        self._period = period
        self._read = read
        self._aggregates = aggregates
        self._blobs = blobs
        self._dispatcher = dispatcher
        self._to_pdf = to_pdf

    def __call__(self, now: datetime, course: Course) -> Mapping[str, str]:
        """Make it unless it is there; returns which one it is and how large."""
        span = last_whole(self._period, now)
        report_id = operations_report_id(span.period, span.begins)
        if self._aggregates.find(OperationsReport, report_id) is not None:
            return {"report": str(report_id), "made": "before"}
        course.tell(10, "looking at what was kept")
        found = findings(self._read, span)
        if not found.availability:
            return {"report": "none", "made": "nothing was kept of that time"}
        # Imported here: what writes Word holds 7 MB, and is needed once a day.
        from countersign.workers.operations.document import operations_document  # noqa: PLC0415

        word = operations_document(found)
        course.tell(50, "making PDF")
        course.go_on()
        kept = [self._keep("docx", word)]
        told = {"report": str(report_id)}
        try:
            kept.append(self._keep("pdf", self._to_pdf(word, PDF_WALL_S)))
        except ConverterMissing:
            pass  # there is none on this machine, which `countersign doctor` says
        except (RenderTimeout, RendererLost) as lost:  # the report is worth more than its other form
            logger.warning("no PDF of the report on operations", extra={"reason": str(lost)})
            told["pdf"] = f"not made: {lost}"
        self._note(span, kept)
        return {**told, **{each.format: f"{each.size_bytes} bytes" for each in kept}}

    def _note(self, span: SpanOfTime, files: Sequence[ReportFile]) -> None:
        command = NoteOperationsReport(
            period=span.period, begins=span.begins, ends=span.ends, files=tuple(files)
        )
        made = f"{operations_report_id(span.period, span.begins)}/made"
        self._dispatcher.dispatch(command, Context(actor=SYSTEM, command_key=made, correlation=str(uuid4())))

    def _keep(self, format: str, content: bytes) -> ReportFile:
        return ReportFile(format, self._blobs.put(content), len(content))
