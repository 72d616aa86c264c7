"""One mail to one person, from the fact that caused it to the reply of the mail server."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Final, Self
from uuid import UUID

from countersign.aggregates.account_refusals import reasoned
from countersign.aggregates.email_contents import Addressee, Attached, EmailPurpose
from countersign.aggregates.email_refusals import (
    NoOpenAttempt,
    NothingToCancel,
    NothingToResolve,
    NotToBeSent,
)
from countersign.aggregates.root import Personal, Root, derived_id


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


_MAY_BE_ATTEMPTED: Final = frozenset({EmailStatus.QUEUED, EmailStatus.DEFERRED})
_AWAITS_OUTCOME: Final = frozenset({EmailStatus.SENDING, EmailStatus.IN_DOUBT})
_NEEDS_A_PERSON: Final = frozenset(
    {EmailStatus.IN_DOUBT, EmailStatus.BOUNCED, EmailStatus.DEAD_LETTERED, EmailStatus.SUPPRESSED}
)


def email_id(cause: UUID, subject: UUID, purpose: EmailPurpose) -> UUID:
    """One mail for one event, person and purpose, however often it is asked for."""
    return derived_id("email", str(cause), str(subject), purpose)


class EmailMessage(Root):
    """A mail. An attempt is recorded before the server is spoken to, so that no crash can send it twice.

    After a cut nobody knows whether the server took the mail: it is in doubt and is not sent again by itself.
    """

    TOPIC = "email"
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

    class Created(Root.Created):
        TOPIC = "email.queued"
        SUBJECT = "subject"
        purpose: EmailPurpose
        cause: UUID
        subject: UUID
        name: Personal
        to: Personal
        facts: Mapping[str, str]
        attachments: tuple[Attached, ...]
        message_id: str

    class Attempted(Root.Event):
        TOPIC = "email.attempted"
        attempt: int
        worker: str

        def apply(self, email: EmailMessage) -> None:
            email.status = EmailStatus.SENDING
            email.attempts = self.attempt
            email.worker = self.worker

    class Sent(Root.Event):
        TOPIC = "email.sent"
        reply_code: int
        reply: str

        def apply(self, email: EmailMessage) -> None:
            email.status = EmailStatus.SENT

    class Deferred(Root.Event):
        TOPIC = "email.deferred"
        reply_code: int
        reply: str
        attempt: int
        retry_at: datetime

        def apply(self, email: EmailMessage) -> None:
            email.status = EmailStatus.DEFERRED

    class Bounced(Root.Event):
        TOPIC = "email.bounced"
        reply_code: int
        reply: str

        def apply(self, email: EmailMessage) -> None:
            email.status = EmailStatus.BOUNCED

    class WentInDoubt(Root.Event):
        TOPIC = "email.went_in_doubt"
        attempt: int
        why: str

        def apply(self, email: EmailMessage) -> None:
            email.status = EmailStatus.IN_DOUBT

    class DeadLettered(Root.Event):
        TOPIC = "email.dead_lettered"
        reason: str

        def apply(self, email: EmailMessage) -> None:
            email.status = EmailStatus.DEAD_LETTERED

    class Suppressed(Root.Event):
        TOPIC = "email.suppressed"
        suppression: UUID

        def apply(self, email: EmailMessage) -> None:
            email.status = EmailStatus.SUPPRESSED

    class Resolved(Root.Event):
        TOPIC = "email.resolved"
        by: UUID
        resent: bool
        reason: str

        def apply(self, email: EmailMessage) -> None:
            email.status = EmailStatus.QUEUED if self.resent else EmailStatus.DISMISSED

    @classmethod
    def queue(
        cls,
        at: datetime,
        *,
        purpose: EmailPurpose,
        cause: UUID,
        to: Addressee,
        facts: Mapping[str, str],
        attachments: tuple[Attached, ...],
        mail_domain: str,
    ) -> Self:
        """Plan a mail; its Message-ID is the same at every attempt."""
        message = email_id(cause, to.subject, purpose)
        return cls._create(
            cls.Created,
            id=message,
            timestamp=at,
            purpose=purpose,
            cause=cause,
            subject=to.subject,
            name=to.name,
            to=to.email,
            facts=facts,
            attachments=attachments,
            message_id=f"<{message}@{mail_domain}>",
        )

    def attempt(self, at: datetime, worker: str) -> None:
        """Begin to send, or find that an earlier attempt never told its outcome.

        Afterwards only a mail that `is_being_sent_by(worker)` may be handed to the server.

        Raises:
            NotToBeSent: there is nothing to send any more, or a person decides first.
        """
        if self.status is EmailStatus.SENDING:
            self._doubt(at, f"attempt {self.attempts} of {self.worker} ended without an outcome")
        elif self.status in _MAY_BE_ATTEMPTED:
            self.trigger_event(self.Attempted, timestamp=at, attempt=self.attempts + 1, worker=worker)
        else:
            raise NotToBeSent(f"this mail is {self.status} and is not sent by itself")

    @property
    def waits(self) -> bool:
        """Whether it is still to be sent."""
        return self.status in _MAY_BE_ATTEMPTED

    def suppress(self, at: datetime, suppression: UUID) -> None:
        """Do not send it: mail to its address is held back."""
        self.trigger_event(self.Suppressed, timestamp=at, suppression=suppression)

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

    def resolve(self, at: datetime, by: UUID, *, resend: bool, reason: str) -> None:
        """A person decides about a mail that the service will not send again by itself.

        Raises:
            NothingToResolve: it does not wait for anybody.
            ReasonRequired: none was given.
        """
        if self.status not in _NEEDS_A_PERSON:
            raise NothingToResolve(f"this mail is {self.status}: there is nothing to decide")
        self.trigger_event(self.Resolved, timestamp=at, by=by, resent=resend, reason=reasoned(reason))

    def cancel(self, at: datetime, by: UUID, reason: str) -> None:
        """A person has a mail that waits not sent.

        Raises:
            NothingToCancel: it does not wait: it was sent, or may be on its way this very moment.
            ReasonRequired: none was given.
        """
        if self.status not in _MAY_BE_ATTEMPTED:
            raise NothingToCancel(f"this mail is {self.status}: it does not wait to be sent")
        self.trigger_event(self.Resolved, timestamp=at, by=by, resent=False, reason=reasoned(reason))

    def _require_open(self, attempt: int) -> None:
        if self.status not in _AWAITS_OUTCOME or attempt != self.attempts:
            raise NoOpenAttempt(f"this mail is {self.status} after {_times(self.attempts)}")

    def _doubt(self, at: datetime, why: str) -> None:
        self.trigger_event(self.WentInDoubt, timestamp=at, attempt=self.attempts, why=why)

    def _give_up(self, at: datetime, reason: str) -> None:
        self.trigger_event(self.DeadLettered, timestamp=at, reason=reason)


def _times(attempts: int) -> str:
    return "1 attempt" if attempts == 1 else f"{attempts} attempts"
