"""Plans one mail to one person, as the effect that wants it says."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from countersign.aggregates.email_contents import Attached, EmailPurpose
from countersign.aggregates.email_message import EmailMessage, email_id
from countersign.aggregates.root import Erased
from countersign.commands.email.queue_email import QueueEmail
from countersign.eventstore.aggregates import Aggregates
from countersign.workers.effect import Effect
from countersign.workers.issuer import Issuer

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Addressee:
    """A person to write to; `subject` is whose key seals name and address."""

    subject: UUID
    name: str | Erased
    email: str | Erased


class Planner:
    """Gives the command for a mail; one that was planned before is left as it is."""

    def __init__(self, aggregates: Aggregates, issuer: Issuer) -> None:
        self._aggregates = aggregates
        self._issuer = issuer

    def plan(
        self,
        effect: Effect,
        purpose: EmailPurpose,
        to: Addressee,
        facts: Mapping[str, str],
        attachments: tuple[Attached, ...] = (),
    ) -> None:
        """Plan it, unless there is nobody any more to write to."""
        if self._is_planned(effect.cause, to.subject, purpose):
            return
        if isinstance(to.email, Erased):
            logger.info("nobody to write to any more", extra={"subject": str(to.subject)})
            return
        command = QueueEmail(
            purpose=purpose,
            cause=effect.cause,
            subject=to.subject,
            name="" if isinstance(to.name, Erased) else to.name,
            to=to.email,
            facts=facts,
            attachments=attachments,
        )
        self._issuer.issue(command, effect, step=str(to.subject))

    def _is_planned(self, cause: UUID, subject: UUID, purpose: EmailPurpose) -> bool:
        return self._aggregates.find(EmailMessage, email_id(cause, subject, purpose)) is not None
