"""An approver whose turn has come is asked by mail."""

from __future__ import annotations

from collections.abc import Sequence

from countersign.aggregates.email_contents import EmailPurpose
from countersign.aggregates.report.report import Report
from countersign.eventstore.mapper import Happened
from countersign.workers.effect import Wanted
from countersign.workers.reactions.queued_emails import queued_emails


def ask_for_approval(happened: Happened) -> Sequence[Wanted]:
    """StageOpened, StageReassigned: write to the approver of the stage."""
    if isinstance(happened.event, Report.StageOpened | Report.StageReassigned):
        return (queued_emails(happened, EmailPurpose.APPROVAL_REQUEST),)
    return ()
