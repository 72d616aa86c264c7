"""A revision that was sent back needs no review copy."""

from __future__ import annotations

from collections.abc import Sequence

from countersign.aggregates.report.report import Report
from countersign.eventstore.mapper import Happened
from countersign.workers.effect import Wanted
from countersign.workers.kinds import CALL_OFF_REVIEW_COPIES, COMMANDS


def call_off_review_copies(happened: Happened) -> Sequence[Wanted]:
    """ChangesRequested: keep from being made what its approvers would have read."""
    event = happened.event
    if not isinstance(event, Report.ChangesRequested):
        return ()
    payload = {"report_id": str(happened.stream), "revision": event.revision}
    target = f"{happened.stream}/{event.revision}"
    return (Wanted(queue=COMMANDS, kind=CALL_OFF_REVIEW_COPIES, target=target, payload=payload),)
