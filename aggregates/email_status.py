"""How far a mail has come."""

from __future__ import annotations

from enum import StrEnum


class EmailStatus(StrEnum):
    """How far a mail has come.

    `sending`: an attempt was begun and its outcome is not known yet. `suppressed`: it is not sent, since
    nobody is at its address.
    """

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DEFERRED = "deferred"
    BOUNCED = "bounced"
    IN_DOUBT = "in_doubt"
    DEAD_LETTERED = "dead_lettered"
    DISMISSED = "dismissed"
    SUPPRESSED = "suppressed"
