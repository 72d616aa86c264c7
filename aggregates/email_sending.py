"""What workers and the mail server make of a mail; each attempt is on record before it is made."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from countersign.aggregates.email_contents import Attached, EmailPurpose
from countersign.aggregates.email_refusals import NoOpenAttempt, NotToBeSent
from countersign.aggregates.email_status import EmailStatus
from countersign.aggregates.root import Personal, Root

MAY_BE_ATTEMPTED: Final = frozenset({EmailStatus.QUEUED, EmailStatus.DEFERRED})
_AWAITS_OUTCOME: Final = frozenset({EmailStatus.SENDING, EmailStatus.IN_DOUBT})


class Sending(Root):
    """A mail on its way. What was begun and told no outcome is in doubt, and is not sent again by itself."""

    purpose: EmailPurpose
    cause: UUID
    subject: UUID
    name: Personal
    to: Personal
    facts: Mapping[str, str]
    attachments: tuple[Attached, ...]
    message_id: str
    status: EmailStatus = EmailStatus.QUEUED
    attempts: int = 0
    worker: str = ""

    class Attempted(Root.Event):
        TOPIC = "email.attempted"
        attempt: int
        worker: str

        def apply(self, email: Sending) -> None:
            email.status = EmailStatus.SENDING
            email.attempts = self.attempt
            email.worker = self.worker

    class Sent(Root.Event):
        TOPIC = "email.sent"
        reply_code: int
        reply: str

        def apply(self, email: Sending) -> None:
            email.status = EmailStatus.SENT

    class Deferred(Root.Event):
        TOPIC = "email.deferred"
        reply_code: int
        reply: str
        attempt: int
        retry_at: datetime

        def apply(self, email: Sending) -> None:
            email.status = EmailStatus.DEFERRED

    class Bounced(Root.Event):
        TOPIC = "email.bounced"
        reply_code: int
        reply: str

        def apply(self, email: Sending) -> None:
            email.status = EmailStatus.BOUNCED

    class WentInDoubt(Root.Event):
        TOPIC = "email.went_in_doubt"
        attempt: int
        why: str

        def apply(self, email: Sending) -> None:
            email.status = EmailStatus.IN_DOUBT

    class DeadLettered(Root.Event):
        TOPIC = "email.dead_lettered"
        reason: str

        def apply(self, email: Sending) -> None:
            email.status = EmailStatus.DEAD_LETTERED

    @property
    def waits(self) -> bool:
        """Whether it is still to be sent."""
        return self.status in MAY_BE_ATTEMPTED

    def attempt(self, at: datetime, worker: str) -> None:
        """Begin to send, or find that an earlier attempt never told its outcome.

        Afterwards only a mail that `is_being_sent_by(worker)` may be handed to the server.

        Raises:
            NotToBeSent: there is nothing to send any more, or a person decides first.
        """
        if self.status is EmailStatus.SENDING:
            self._doubt(at, f"attempt {self.attempts} of {self.worker} ended without an outcome")
        elif self.status in MAY_BE_ATTEMPTED:
            self.trigger_event(self.Attempted, timestamp=at, attempt=self.attempts + 1, worker=worker)
        else:
            raise NotToBeSent(f"this mail is {self.status} and is not sent by itself")

    def is_being_sent_by(self, worker: str) -> bool:
        """Whether the open attempt is this worker's."""
        return self.status is EmailStatus.SENDING and self.worker == worker

    def record_sent(self, at: datetime, attempt: int, reply_code: int, reply: str) -> None:
        """The server took the mail."""
        self._require_open(attempt)
        self.trigger_event(self.Sent, timestamp=at, reply_code=reply_code, reply=reply)

    def record_deferred(
        self, at: datetime, attempt: int, reply_code: int, reply: str, retry_at: datetime | None
    ) -> None:
        """The server asked to come back later; without `retry_at` that was the last attempt."""
        self._require_open(attempt)
        if retry_at is None:
            self._give_up(at, f"{_times(attempt)}, the last answered: {reply_code} {reply}")
        else:
            self.trigger_event(
                self.Deferred,
                timestamp=at,
                reply_code=reply_code,
                reply=reply,
                attempt=attempt,
                retry_at=retry_at,
            )

    def record_bounced(self, at: datetime, attempt: int, reply_code: int, reply: str) -> None:
        """The server refused the mail for good."""
        self._require_open(attempt)
        self.trigger_event(self.Bounced, timestamp=at, reply_code=reply_code, reply=reply)

    def record_in_doubt(self, at: datetime, attempt: int, why: str) -> None:
        """The connection was cut before the server said whether it took the mail."""
        self._require_open(attempt)
        if self.status is not EmailStatus.IN_DOUBT:
            self._doubt(at, why)

    def be_doubted(self, at: datetime, why: str) -> None:
        """It may have left, though what came of it is not on record; one that waits no more is left alone."""
        if self.waits or self.status is EmailStatus.SENDING:
            self._doubt(at, why)

    def record_dead_lettered(self, at: datetime, attempt: int, reason: str) -> None:
        """It cannot be sent at all, and trying again would not help."""
        self._require_open(attempt)
        self._give_up(at, reason)

    def _require_open(self, attempt: int) -> None:
        if self.status not in _AWAITS_OUTCOME or attempt != self.attempts:
            raise NoOpenAttempt(f"this mail is {self.status} after {_times(self.attempts)}")

    def _doubt(self, at: datetime, why: str) -> None:
        self.trigger_event(self.WentInDoubt, timestamp=at, attempt=self.attempts, why=why)

    def _give_up(self, at: datetime, reason: str) -> None:
        self.trigger_event(self.DeadLettered, timestamp=at, reason=reason)


def _times(attempts: int) -> str:
    return "1 attempt" if attempts == 1 else f"{attempts} attempts"
