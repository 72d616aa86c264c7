"""The contents of a disposed report are destroyed."""

from __future__ import annotations

from collections.abc import Sequence

from countersign.aggregates.report.report import Report
from countersign.eventstore.mapper import Happened
from countersign.workers.effect import Wanted
from countersign.workers.kinds import DESTROY_CONTENT, MAINTENANCE


def destroy_content(happened: Happened) -> Sequence[Wanted]:
    """Disposed: nobody can hold it back any more."""
    if not isinstance(happened.event, Report.Disposed):
        return ()
    report_id = str(happened.stream)
    payload = {"report_id": report_id}
    return (Wanted(queue=MAINTENANCE, kind=DESTROY_CONTENT, target=report_id, payload=payload),)
