"""A mail that was planned, or that an operator wants sent once more, is sent."""

from __future__ import annotations

from collections.abc import Sequence

from countersign.aggregates.email_message import EmailMessage
from countersign.eventstore.mapper import Happened
from countersign.workers.effect import Wanted
from countersign.workers.kinds import DELIVER_EMAIL, MAIL


def deliver_email(happened: Happened) -> Sequence[Wanted]:
    """EmailQueued, EmailResolved by sending it again: deliver it."""
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
            job=happened.stream,
        ),
    )
