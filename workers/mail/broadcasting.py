"""The duty that plans the mails of a broadcast, batch by batch."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Final
from uuid import UUID

from countersign.aggregates.account import Account
from countersign.aggregates.broadcast import Broadcast
from countersign.aggregates.email_contents import EmailPurpose
from countersign.commands.broadcast.progress_broadcast import ProgressBroadcast
from countersign.eventstore.aggregates import Aggregates
from countersign.workers.course import Course
from countersign.workers.effect import Effect
from countersign.workers.failure import EffectFailed
from countersign.workers.issuer import Issuer
from countersign.workers.mail.planning import Addressee, Planner

BATCH: Final = 50


class PlanBroadcast:
    """Goes on where a lost worker stopped; before each batch it looks whether it was cancelled."""

    def __init__(self, aggregates: Aggregates, issuer: Issuer, planner: Planner, batch: int = BATCH) -> None:
        self._aggregates = aggregates
        self._issuer = issuer
        self._planner = planner
        self._batch = batch

    def perform(self, effect: Effect, course: Course) -> None:
        """Plan a mail to everybody whom it is for."""
        broadcast_id = UUID(effect.payload["broadcast_id"])
        broadcast = self._find(broadcast_id)
        while people := broadcast.next_batch(self._batch):
            course.go_on()
            self._plan(effect, broadcast, people)
            planned = broadcast.planned + len(people)
            progress = ProgressBroadcast(broadcast_id=broadcast_id, planned=planned)
            self._issuer.issue(progress, effect, step=f"progress/{planned}")
            course.tell(100 * planned / len(broadcast.recipients), f"{planned} mails planned")
            broadcast = self._find(broadcast_id)

    def failed(self, effect: Effect, failure: EffectFailed, retry_at: datetime | None) -> None:
        """The effect itself is the record, and the broadcast tells how far it has come."""

    def _plan(self, effect: Effect, broadcast: Broadcast, people: Collection[UUID]) -> None:
        facts = {"broadcast_id": str(broadcast.id)}
        for account_id in people:
            account = self._aggregates.find(Account, account_id)
            if account is not None and account.is_active:
                to = Addressee(account_id, account.name, account.email)
                self._planner.plan(effect, EmailPurpose.ADMIN_BROADCAST, to, facts)

    def _find(self, broadcast_id: UUID) -> Broadcast:
        broadcast = self._aggregates.find(Broadcast, broadcast_id)
        if broadcast is None:
            raise LookupError(f"no broadcast {broadcast_id}")
        return broadcast
