"""How reactions want people written to."""

from __future__ import annotations

from countersign.aggregates.email_contents import EmailPurpose
from countersign.eventstore.mapper import Happened
from countersign.workers.effect import Wanted
from countersign.workers.kinds import COMMANDS, QUEUE_EMAILS


def queued_emails(happened: Happened, purpose: EmailPurpose) -> Wanted:
    """A mail to each person whom this event of a report concerns; who that is, is found when it is done."""
    payload = {"report_id": str(happened.stream), "version": happened.version, "purpose": purpose}
    return Wanted(queue=COMMANDS, kind=QUEUE_EMAILS, target=purpose, payload=payload)
