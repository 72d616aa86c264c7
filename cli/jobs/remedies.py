"""What an operator can do about work that was given up or is in doubt.

A rendering or a mail is taken up again by a command, in the operator's own name, so that the history tells
who decided. Orders and maintenance have no history of their own: there the effect itself is retried.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from countersign.aggregates.email_message import EmailMessage, EmailStatus
from countersign.aggregates.rendering import Rendering, RenderingStatus
from countersign.cli.foundation import Foundation, utc_now
from countersign.cli.jobs.background import effects_about
from countersign.cli.jobs.operator import Give
from countersign.commands.email.resolve_email import ResolveEmail
from countersign.commands.rendering.retry_rendering import RetryRendering
from countersign.eventstore.wakeups import EFFECTS
from countersign.workers.effect import State
from countersign.workers.effect_board import EffectBoard

logger = logging.getLogger(__name__)

_FOR_A_PERSON = frozenset(
    {EmailStatus.IN_DOUBT, EmailStatus.BOUNCED, EmailStatus.DEAD_LETTERED, EmailStatus.SUPPRESSED}
)


class NothingToDo(Exception):
    """The job does not wait for anybody."""


@dataclass(frozen=True, slots=True)
class Remedies:
    """The two of them; `sign_in` is asked for an operator only where a command is given."""

    base: Foundation
    sign_in: Callable[[], AbstractContextManager[Give]]

    def retry(self, job_id: UUID, reason: str) -> str:
        """Have it done once more; says what was done.

        Raises:
            NothingToDo: it was not given up.
            DomainError: the command was refused.
        """
        if self._mail_waits(job_id):
            self._give(ResolveEmail(email_id=job_id, resend=True, reason=reason))
            return "The mail is sent once more."
        rendering = self.base.store.aggregates.find(Rendering, job_id)
        if rendering is not None and rendering.status is RenderingStatus.DEAD_LETTERED:
            self._give(RetryRendering(rendering_id=job_id))
            return "The document is made once more, with all its attempts."
        self._settle(job_id, EffectBoard.retry, reason)
        self.base.wakeups.signal(EFFECTS)
        return "It is done once more, with all its attempts."

    def discard(self, job_id: UUID, reason: str) -> str:
        """Let it be; says what was done.

        Raises:
            NothingToDo: it was not given up.
            DomainError: the command was refused.
        """
        if self._mail_waits(job_id):
            self._give(ResolveEmail(email_id=job_id, resend=False, reason=reason))
            return "The mail is not sent again."
        self._settle(job_id, EffectBoard.discard, reason)
        return "It is laid aside and not tried again."

    def _mail_waits(self, job_id: UUID) -> bool:
        email = self.base.store.aggregates.find(EmailMessage, job_id)
        return email is not None and email.status in _FOR_A_PERSON

    def _give(self, command: Any) -> None:
        with self.sign_in() as give:
            give(command)

    def _settle(self, job_id: UUID, settle: Callable[..., bool], reason: str) -> None:
        read = self.base.databases.read
        dead = [each for each in effects_about(read, job_id) if each.state == State.DEAD]
        settled = [each.id for each in dead if settle(EffectBoard(read), each.id, utc_now())]
        if not settled:
            raise NothingToDo(f"{job_id} was not given up: there is nothing to do about it.")
        told = {"effects": list(map(str, settled)), "verb": settle.__name__, "reason": reason}
        logger.info("dead letters settled", extra=told)
