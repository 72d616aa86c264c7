"""What two people have agreed on is carried out when it has cooled off."""

from __future__ import annotations

from collections.abc import Sequence

from countersign.aggregates.report.report import Report
from countersign.eventstore.mapper import Happened
from countersign.workers.effect import Wanted
from countersign.workers.kinds import COMMANDS, DISPOSE_REPORT


def carry_out_disposition(happened: Happened) -> Sequence[Wanted]:
    """DispositionApproved: a timer, which does nothing when the proposal has fallen meanwhile."""
    event = happened.event
    if not isinstance(event, Report.DispositionApproved):
        return ()
    report_id = str(happened.stream)
    payload = {"report_id": report_id}
    return (
        Wanted(
            queue=COMMANDS, kind=DISPOSE_REPORT, target=report_id, payload=payload, due_at=event.not_before
        ),
    )
