"""Whoever stands behind a revision hears that it was sent back."""

from __future__ import annotations

from collections.abc import Sequence

from countersign.aggregates.email_contents import EmailPurpose
from countersign.aggregates.report.report import Report
from countersign.eventstore.mapper import Happened
from countersign.workers.effect import Wanted
from countersign.workers.reactions.queued_emails import queued_emails


def tell_of_requested_changes(happened: Happened) -> Sequence[Wanted]:
    """ChangesRequested: write to the author and to all who had signed."""
    if isinstance(happened.event, Report.ChangesRequested):
        return (queued_emails(happened, EmailPurpose.CHANGES_REQUESTED),)
    return ()
