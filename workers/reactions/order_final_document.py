"""An approved revision gets its final document, with every signature."""

from __future__ import annotations

from collections.abc import Sequence

from countersign.aggregates.render_order import Format, Kind
from countersign.aggregates.report.report import Report
from countersign.eventstore.mapper import Happened
from countersign.workers.effect import Wanted
from countersign.workers.reactions.ordered import ordered


def order_final_document(happened: Happened) -> Sequence[Wanted]:
    """RevisionApproved: order the document of record."""
    event = happened.event
    if isinstance(event, Report.RevisionApproved):
        return (ordered(happened.stream, event.revision, Kind.FINAL, Format.DOCX),)
    return ()
