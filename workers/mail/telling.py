"""The duty that plans mails about accounts."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from countersign.aggregates.email_contents import EmailPurpose
from countersign.eventstore.aggregates import Aggregates
from countersign.workers.course import Course
from countersign.workers.effect import Effect
from countersign.workers.failure import EffectFailed
from countersign.workers.history import History
from countersign.workers.mail.news import news
from countersign.workers.mail.planning import Planner


class TellPeople:
    """Names, addresses and what a code is made from are read now; the effect holds none of them."""

    def __init__(self, aggregates: Aggregates, history: History, planner: Planner) -> None:
        self._aggregates = aggregates
        self._history = history
        self._planner = planner

    def perform(self, effect: Effect, course: Course) -> None:
        """Plan a mail for everybody who is to be told."""
        event = self._history.event(UUID(effect.payload["stream"]), int(effect.payload["version"]))
        told = news(event, self._aggregates)
        for to in told.to:
            self._planner.plan(effect, EmailPurpose(effect.payload["purpose"]), to, told.facts)

    def failed(self, effect: Effect, failure: EffectFailed, retry_at: datetime | None) -> None:
        """The effect itself is the record: there is no mail yet."""
