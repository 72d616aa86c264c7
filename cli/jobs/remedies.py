"""What an operator can do about work that waits, is done, was given up or is in doubt.

What is decided about a rendering, a mail or maintenance is a command in the operator's own name, so that the
history tells who decided. An order has no history of its own: there the effect itself is settled.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from countersign.aggregates.email_message import EmailMessage
from countersign.aggregates.email_status import EmailStatus
from countersign.aggregates.maintenance_job import MaintenanceJob, MaintenanceStatus
from countersign.aggregates.rendering import Rendering, RenderingStatus
from countersign.aggregates.root import Root
from countersign.aggregates.webhook.delivery import DeliveryStatus, WebhookDelivery
from countersign.cli.foundation import Foundation, utc_now
from countersign.cli.jobs.background import effects_about
from countersign.cli.jobs.operator import Give
from countersign.commands.email.cancel_email import CancelEmail
from countersign.commands.email.resolve_email import ResolveEmail
from countersign.commands.maintenance.cancel_maintenance import CancelMaintenance
from countersign.commands.maintenance.discard_maintenance import DiscardMaintenance
from countersign.commands.maintenance.retry_maintenance import RetryMaintenance
from countersign.commands.rendering.cancel_rendering import CancelRendering
from countersign.commands.rendering.discard_rendering import DiscardRendering
from countersign.commands.rendering.retry_rendering import RetryRendering
from countersign.commands.webhook.cancel_delivery import CancelDelivery
from countersign.commands.webhook.resend_delivery import ResendDelivery
from countersign.eventstore.context import SYSTEM
from countersign.eventstore.wakeups import EFFECTS
from countersign.workers.effect import State
from countersign.workers.effect_board import EffectBoard, Listed

logger = logging.getLogger(__name__)

_RENDERING_TAKEN_UP = frozenset(
    {RenderingStatus.DEAD_LETTERED, RenderingStatus.CANCELLED, RenderingStatus.DISCARDED}
)
_MAINTENANCE_TAKEN_UP = frozenset(
    {MaintenanceStatus.FAILED, MaintenanceStatus.CANCELLED, MaintenanceStatus.DISCARDED}
)
_FOR_A_PERSON = frozenset({EmailStatus.IN_DOUBT, EmailStatus.BOUNCED, EmailStatus.DEAD_LETTERED})


class NothingToDo(Exception):
    """There is no such work, or nothing that could be done about it."""


@dataclass(frozen=True, slots=True)
class Remedies:
    """The three of them; `sign_in` is asked for an operator only where a command is given."""

    base: Foundation
    sign_in: Callable[[], AbstractContextManager[Give]]

    def retry(self, job_id: UUID, reason: str) -> str:
        """Have it done once more; says what was done.

        Raises:
            NothingToDo: it was not given up.
            DomainError: the command was refused.
        """
        match self._job(job_id):
            case Rendering(status=status) if status in _RENDERING_TAKEN_UP:
                self._give(RetryRendering(rendering_id=job_id))
                return "The document is made once more, with all its attempts."
            case MaintenanceJob(status=status) if status in _MAINTENANCE_TAKEN_UP:
                self._give(RetryMaintenance(job_id=job_id))
                return "It is done once more, with all its attempts."
            case EmailMessage(status=status) if status in _FOR_A_PERSON:
                self._give(ResolveEmail(email_id=job_id, resend=True, reason=reason))
                return "The mail is sent once more."
            case WebhookDelivery(status=DeliveryStatus.DEAD_LETTERED | DeliveryStatus.DROPPED):
                self._give(ResendDelivery(delivery_id=job_id, reason=reason))
                return "It is sent once more, under its id and with all its attempts."
        self._settle(job_id, EffectBoard.retry, reason)
        self.base.wakeups.signal(EFFECTS)
        return "It is done once more, with all its attempts."

    def discard(self, job_id: UUID, reason: str) -> str:
        """Let it be; says what was done.

        Raises:
            NothingToDo: it was not given up.
            DomainError: the command was refused.
        """
        match self._job(job_id):
            case Rendering(status=RenderingStatus.DEAD_LETTERED):
                self._give(DiscardRendering(rendering_id=job_id, reason=reason))
                self._settled(job_id, EffectBoard.discard)
                return "The document is laid aside and not made."
            case MaintenanceJob(status=MaintenanceStatus.FAILED):
                self._give(DiscardMaintenance(job_id=job_id, reason=reason))
                self._settled(job_id, EffectBoard.discard)
                return "It is laid aside and not tried again."
            case EmailMessage(status=status) if status in _FOR_A_PERSON:
                self._give(ResolveEmail(email_id=job_id, resend=False, reason=reason))
                return "The mail is not sent again."
        self._settle(job_id, EffectBoard.discard, reason)
        return "It is laid aside and not tried again."

    def cancel(self, job_id: UUID, reason: str) -> str:
        """Have it not done; says what was done.

        Raises:
            NothingToDo: it does not wait, and nobody is at it.
            DomainError: the command was refused.
        """
        match self._job(job_id):
            case Rendering():
                self._give(CancelRendering(rendering_id=job_id, reason=reason))
                return "The document is not made; a worker that is at it stops."
            case MaintenanceJob():
                self._give(CancelMaintenance(job_id=job_id, reason=reason))
                return "It is not done; a worker that is at it stops at its next step."
            case EmailMessage():
                self._give(CancelEmail(email_id=job_id, reason=reason))
                return "The mail is not sent."
            case WebhookDelivery():
                self._give(CancelDelivery(delivery_id=job_id, reason=reason))
                return "It is not sent; what its endpoint is being told this moment may still arrive."
        return self._cancel_order(job_id, reason)

    def _job(self, job_id: UUID) -> Root | None:
        return self.base.store.aggregates.find(Root, job_id)

    def _give(self, command: Any) -> None:
        with self.sign_in() as give:
            give(command)

    def _cancel_order(self, job_id: UUID, reason: str) -> str:
        board = EffectBoard(self.base.databases.read)
        open_ones = [each for each in self._effects(job_id) if each.state in (State.READY, State.CLAIMED)]
        cancelled = [each.id for each in open_ones if board.cancel(each.id, utc_now(), SYSTEM)]
        if not cancelled:
            raise NothingToDo(f"{job_id} does not wait and is not being done: there is nothing to cancel.")
        logger.info("orders cancelled", extra={"effects": list(map(str, cancelled)), "reason": reason})
        return "It is not done."

    def _effects(self, job_id: UUID) -> list[Listed]:
        return effects_about(self.base.databases.read, job_id)

    def _settle(self, job_id: UUID, settle: Callable[..., bool], reason: str) -> None:
        settled = self._settled(job_id, settle)
        if not settled:
            raise NothingToDo(f"{job_id} was not given up: there is nothing to do about it.")
        told = {"effects": list(map(str, settled)), "verb": settle.__name__, "reason": reason}
        logger.info("dead letters settled", extra=told)

    def _settled(self, job_id: UUID, settle: Callable[..., bool]) -> list[UUID]:
        dead = [each for each in self._effects(job_id) if each.state == State.DEAD]
        board = EffectBoard(self.base.databases.read)
        return [each.id for each in dead if settle(board, each.id, utc_now())]
