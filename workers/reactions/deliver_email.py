"""A mail that was planned, or that an operator wants sent once more, is sent."""

from __future__ import annotations

from collections.abc import Sequence

from countersign.aggregates.email_contents import EmailPurpose
from countersign.aggregates.email_message import EmailMessage
from countersign.aggregates.root import Root
from countersign.eventstore.mapper import Happened
from countersign.workers.effect import Wanted
from countersign.workers.kinds import DELIVER_EMAIL, MAIL

AFTER_THE_OTHERS = 1
PATIENT = frozenset(
    {
        EmailPurpose.ADMIN_BROADCAST,
        EmailPurpose.SCHEDULE_RESULT,
        EmailPurpose.OPERATIONS_REPORT,
        EmailPurpose.RETENTION_DUE,
    }
)
"""Mails which nobody waits for: they must not use up the rate that approvals need."""


def deliver_email(happened: Happened) -> Sequence[Wanted]:
    """EmailQueued, EmailResolved by sending it again: deliver it; what many get waits for what is urgent."""
    event = happened.event
    resent = isinstance(event, EmailMessage.Resolved) and event.resent
    if not (resent or isinstance(event, EmailMessage.Created)):
        return ()
    email_id = str(happened.stream)
    return (
        Wanted(
            queue=MAIL,
            kind=DELIVER_EMAIL,
            target=email_id,
            payload={"email_id": email_id},
            priority=AFTER_THE_OTHERS if _can_wait(event) else 0,
            job=happened.stream,
        ),
    )


def _can_wait(event: Root.Event) -> bool:
    return isinstance(event, EmailMessage.Created) and event.purpose in PATIENT
