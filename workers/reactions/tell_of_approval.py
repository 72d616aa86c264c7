"""The author hears that a stage is approved, and that the revision is."""

from __future__ import annotations

from collections.abc import Sequence

from countersign.aggregates.email_contents import EmailPurpose
from countersign.aggregates.report.report import Report
from countersign.eventstore.mapper import Happened
from countersign.workers.effect import Wanted
from countersign.workers.reactions.queued_emails import queued_emails


def tell_of_approval(happened: Happened) -> Sequence[Wanted]:
    """StageApproved, RevisionApproved: write to the author."""
    match happened.event:
        case Report.StageApproved():
            return (queued_emails(happened, EmailPurpose.STAGE_APPROVED),)
        case Report.RevisionApproved():
            return (queued_emails(happened, EmailPurpose.REVISION_APPROVED),)
    return ()
