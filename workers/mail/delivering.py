"""The duty that sends mails, at most once each: what is not certain is in doubt, and a person decides."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from uuid import UUID

from countersign.aggregates.email_message import EmailMessage
from countersign.aggregates.email_status import EmailStatus
from countersign.aggregates.rendering import FailureClass
from countersign.aggregates.root import Erased
from countersign.commands.email.attempt_email import AttemptEmail
from countersign.commands.email.record_email_outcome import EmailOutcome, RecordEmailOutcome
from countersign.eventstore.aggregates import Aggregates
from countersign.eventstore.blobs import Blobs
from countersign.workers.course import Course
from countersign.workers.effect import Effect
from countersign.workers.failure import EffectFailed
from countersign.workers.issuer import Issuer
from countersign.workers.mail.delivery import Accepted, Away, Deferred, Refused, Reply, Unknown, Unwelcome
from countersign.workers.mail.discretion import without_addresses
from countersign.workers.mail.letter import Enclosure, Letter, write_letter
from countersign.workers.mail.letter_facts import LetterFacts
from countersign.workers.mail.letter_text import letter_text
from countersign.workers.mail.smtp import SmtpDelivery
from countersign.workers.neighbour import NeighbourAway, NeighbourRefuses

TO_SEND = frozenset({EmailStatus.QUEUED, EmailStatus.DEFERRED})
FINAL: Mapping[type, EmailOutcome] = MappingProxyType(
    {Accepted: EmailOutcome.SENT, Refused: EmailOutcome.BOUNCED}
)


class NotSent(EffectFailed):
    """The server has certainly not taken the mail."""

    def __init__(self, failure_class: str, reply: Reply) -> None:
        super().__init__(failure_class, f"{reply.code} {reply.text}" if reply.code else reply.text)
        self.reply = reply


class NotOurs(Exception):
    """Another worker has begun to send this mail."""


class DeliverEmail:
    """Writes the letter, records the attempt before any of it leaves, and records what became of it."""

    def __init__(
        self,
        aggregates: Aggregates,
        blobs: Blobs,
        issuer: Issuer,
        delivery: SmtpDelivery,
        from_address: str,
        letter_facts: LetterFacts,
    ) -> None:
        self._aggregates = aggregates
        self._blobs = blobs
        self._issuer = issuer
        self._delivery = delivery
        self._from_address = from_address
        self._letter_facts = letter_facts

    def perform(self, effect: Effect, course: Course) -> None:
        """Send it unless it was sent; an attempt that another worker left open puts it in doubt."""
        email = self._email(effect)
        if email.status is EmailStatus.SENDING:
            self._attempt(effect)  # whose worker is gone: the domain says that nobody knows
        elif email.status in TO_SEND:
            self._send(effect, self._letter(email))

    def failed(self, effect: Effect, failure: EffectFailed, retry_at: datetime | None) -> None:
        """Every failure is the outcome of an attempt; one that may have sent the mail puts it in doubt."""
        email = self._email(effect)
        certain = isinstance(failure, NotSent) or email.status in TO_SEND
        if email.status in TO_SEND:
            email = self._attempt(effect)
        ours = email.is_being_sent_by(_worker(effect))
        if email.status is not EmailStatus.SENDING or (certain and not ours):
            return
        reply = (
            failure.reply if isinstance(failure, NotSent) else Reply(0, without_addresses(failure.message))
        )
        if not certain:
            self._record(effect, email, EmailOutcome.IN_DOUBT, reply)
        elif retry_at is None:
            self._record(effect, email, EmailOutcome.DEAD_LETTERED, reply)
        else:
            self._record(effect, email, EmailOutcome.DEFERRED, reply, retry_at)

    def _send(self, effect: Effect, letter: Letter) -> None:
        try:
            outcome = self._delivery.deliver(letter, lambda: self._begin(effect))
        except NotOurs:
            return
        match outcome:
            case Away(reply):
                raise NeighbourAway(reply.text)
            case Deferred(reply):
                raise NotSent(FailureClass.TRANSIENT, reply)
            case Unwelcome(reply):
                raise NeighbourRefuses(f"{reply.code} {reply.text}")
            case Unknown(why):
                self._record(effect, self._email(effect), EmailOutcome.IN_DOUBT, Reply(0, why))
            case Accepted(reply) | Refused(reply):
                email = self._email(effect)
                if email.status in TO_SEND:  # refused before the attempt was on record
                    email = self._attempt(effect)
                self._record(effect, email, FINAL[type(outcome)], reply)

    def _begin(self, effect: Effect) -> None:
        if not self._attempt(effect).is_being_sent_by(_worker(effect)):
            raise NotOurs(effect.id)

    def _attempt(self, effect: Effect) -> EmailMessage:
        command = AttemptEmail(email_id=_email_id(effect), worker=_worker(effect))
        # Whether an attempt is on record must be certain: one that is forgotten puts the mail in doubt.
        self._issuer.insist(command, effect, step=f"{effect.fence}/attempt")
        return self._email(effect)

    def _record(
        self,
        effect: Effect,
        email: EmailMessage,
        outcome: EmailOutcome,
        reply: Reply,
        retry_at: datetime | None = None,
    ) -> None:
        if email.status is EmailStatus.SUPPRESSED:
            return  # its address was found dead meanwhile
        command = RecordEmailOutcome(
            email_id=email.id,
            attempt=email.attempts,
            outcome=outcome,
            reply_code=reply.code,
            reply=reply.text,
            retry_at=retry_at,
        )
        self._issuer.insist(command, effect, step=f"{effect.fence}/outcome")

    def _letter(self, email: EmailMessage) -> Letter:
        if isinstance(email.to, Erased):
            raise EffectFailed(FailureClass.VALIDATION, "the recipient's address has been erased")
        facts = self._letter_facts.to_send(email.purpose, email.facts)
        return write_letter(
            email_id=email.id,
            message_id=email.message_id,
            at=email.created_on,
            sender=self._from_address,
            name="" if isinstance(email.name, Erased) else email.name,
            to=email.to,
            text=letter_text(email.purpose, email.name, facts),
            enclosures=[
                Enclosure(each.filename, each.media_type, self._blobs.get(each.digest))
                for each in email.attachments
            ],
        )

    def _email(self, effect: Effect) -> EmailMessage:
        email = self._aggregates.find(EmailMessage, _email_id(effect))
        if email is None:
            raise EffectFailed(FailureClass.VALIDATION, f"there is no mail {_email_id(effect)}")
        return email


def _email_id(effect: Effect) -> UUID:
    return UUID(effect.payload["email_id"])


def _worker(effect: Effect) -> str:
    return f"{effect.holder}/{effect.fence}"
