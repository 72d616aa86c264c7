"""The recipients of an issued revision get the document."""

from __future__ import annotations

from collections.abc import Sequence

from countersign.aggregates.email_contents import EmailPurpose
from countersign.aggregates.report.report import Report
from countersign.eventstore.mapper import Happened
from countersign.workers.effect import Wanted
from countersign.workers.reactions.queued_emails import queued_emails


def send_issued_revision(happened: Happened) -> Sequence[Wanted]:
    """RevisionIssued: write to each recipient, the final document attached."""
    if isinstance(happened.event, Report.RevisionIssued):
        return (queued_emails(happened, EmailPurpose.REVISION_ISSUED_CLIENT),)
    return ()
