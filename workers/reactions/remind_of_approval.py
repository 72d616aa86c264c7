"""Approvers and those above them hear that a stage waits."""

from __future__ import annotations

from collections.abc import Sequence

from countersign.aggregates.email_contents import EmailPurpose
from countersign.aggregates.report.report import Report
from countersign.eventstore.mapper import Happened
from countersign.workers.effect import Wanted
from countersign.workers.reactions.queued_emails import queued_emails


def remind_of_approval(happened: Happened) -> Sequence[Wanted]:
    """ApproverReminded: write to the approver; StageEscalated: to those who hear of it, and to the author."""
    match happened.event:
        case Report.ApproverReminded():
            return (queued_emails(happened, EmailPurpose.APPROVAL_REMINDER),)
        case Report.StageEscalated():
            return (queued_emails(happened, EmailPurpose.APPROVAL_ESCALATED),)
    return ()
