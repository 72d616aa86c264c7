"""One mail to one person, from the fact that caused it to the reply of the mail server."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final, Self
from uuid import UUID

from countersign.aggregates.account_refusals import reasoned
from countersign.aggregates.email_contents import Addressee, Attached, EmailPurpose
from countersign.aggregates.email_refusals import NothingToCancel, NothingToResolve
from countersign.aggregates.email_sending import MAY_BE_ATTEMPTED, Sending
from countersign.aggregates.email_status import EmailStatus
from countersign.aggregates.root import Personal, Root, derived_id

_NEEDS_A_PERSON: Final = frozenset(
    {EmailStatus.IN_DOUBT, EmailStatus.BOUNCED, EmailStatus.DEAD_LETTERED, EmailStatus.SUPPRESSED}
)


def email_id(cause: UUID, subject: UUID, purpose: EmailPurpose) -> UUID:
    """One mail for one event, person and purpose, however often it is asked for."""
    return derived_id("email", str(cause), str(subject), purpose)


class EmailMessage(Sending):
    """A mail. An attempt is recorded before the server is spoken to, so that no crash can send it twice.

    After a cut nobody knows whether the server took the mail: it is in doubt and is not sent again by itself.
    """

    TOPIC = "email"

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

    def suppress(self, at: datetime, suppression: UUID) -> None:
        """Do not send it: mail to its address is held back."""
        self.trigger_event(self.Suppressed, timestamp=at, suppression=suppression)

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
        if self.status not in MAY_BE_ATTEMPTED:
            raise NothingToCancel(f"this mail is {self.status}: it does not wait to be sent")
        self.trigger_event(self.Resolved, timestamp=at, by=by, resent=False, reason=reasoned(reason))
