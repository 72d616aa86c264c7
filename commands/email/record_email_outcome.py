"""A worker tells what became of its attempt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from countersign.aggregates.bounce import is_dead
from countersign.aggregates.email_message import EmailMessage
from countersign.commands.email.held_back import held_back
from countersign.commands.permit import permit
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


class EmailOutcome(StrEnum):
    """What an attempt can end in."""

    SENT = "sent"
    DEFERRED = "deferred"
    BOUNCED = "bounced"
    IN_DOUBT = "in_doubt"
    DEAD_LETTERED = "dead_lettered"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordEmailOutcome:
    """`reply` is the server's last line, or why there is none; deferred without `retry_at` means given up."""

    email_id: UUID
    attempt: int
    outcome: EmailOutcome
    reply_code: int = 0
    reply: str = ""
    retry_at: datetime | None = None


def record_email_outcome(command: RecordEmailOutcome, store: Store) -> Receipt:
    """Record the outcome of the latest attempt, also when it comes after the mail went in doubt.

    When the refusal says that nobody is there, further mail to the address is held back.
    """
    permit(store, "RecordEmailOutcome")
    email = store.load(EmailMessage, command.email_id)
    now, attempt, code, reply = store.now, command.attempt, command.reply_code, command.reply
    match command.outcome:
        case EmailOutcome.SENT:
            email.record_sent(now, attempt, code, reply)
        case EmailOutcome.DEFERRED:
            email.record_deferred(now, attempt, code, reply, command.retry_at)
        case EmailOutcome.BOUNCED:
            email.record_bounced(now, attempt, code, reply)
            if is_dead(code, reply):
                return store.save(email, *held_back(email, code, reply, store))
        case EmailOutcome.IN_DOUBT:
            email.record_in_doubt(now, attempt, reply)
        case _:
            email.record_dead_lettered(now, attempt, reply)
    return store.save(email)
