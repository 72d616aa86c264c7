"""A report on operations goes to those who run the service."""

from __future__ import annotations

from collections.abc import Sequence

from countersign.aggregates.operations_report import OperationsReport
from countersign.eventstore.mapper import Happened
from countersign.workers.effect import Wanted
from countersign.workers.kinds import COMMANDS, SEND_OPERATIONS_REPORT


def send_operations_report(happened: Happened) -> Sequence[Wanted]:
    """OperationsReportMade: to whom it goes, if to anybody, is found when it is sent."""
    if not isinstance(happened.event, OperationsReport.Created):
        return ()
    payload = {"report_id": str(happened.stream)}
    return (Wanted(queue=COMMANDS, kind=SEND_OPERATIONS_REPORT, target="operators", payload=payload),)
