"""The author hears that the revision is approved."""

from __future__ import annotations

from collections.abc import Sequence

from countersign.aggregates.email_contents import EmailPurpose
from countersign.aggregates.report.report import Report
from countersign.eventstore.mapper import Happened
from countersign.workers.effect import Wanted
from countersign.workers.reactions.queued_emails import queued_emails


def tell_of_approval(happened: Happened) -> Sequence[Wanted]:
    """RevisionApproved: write to the author."""
    if isinstance(happened.event, Report.RevisionApproved):
        return (queued_emails(happened, EmailPurpose.REVISION_APPROVED),)
    return ()
