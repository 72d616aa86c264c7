"""A submitted revision gets a review copy."""

from __future__ import annotations

from collections.abc import Sequence

from countersign.aggregates.render_order import Format, Kind
from countersign.aggregates.report.report import Report
from countersign.eventstore.mapper import Happened
from countersign.workers.effect import Wanted
from countersign.workers.reactions.ordered import ordered


def order_review_copy(happened: Happened) -> Sequence[Wanted]:
    """RevisionSubmitted: order the document that the approvers read."""
    event = happened.event
    if isinstance(event, Report.RevisionSubmitted):
        return (ordered(happened.stream, event.revision, Kind.REVIEW, Format.DOCX),)
    return ()
