"""Somebody else's address that hears of what happens here."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Final, Self
from uuid import UUID

from countersign.aggregates.root import Personal, Root
from countersign.aggregates.webhook.delivery import Attempt
from countersign.aggregates.webhook.endpoint import Endpoint, fields_of
from countersign.aggregates.webhook.refusals import InvalidReplay, WebhookNotPaused, WebhookPaused
from countersign.aggregates.webhook.retries import CIRCUIT_OPENS_AFTER, pause_before_probe
from countersign.aggregates.webhook.terms import Header, Only, Terms

LONGEST_REPLAY: Final = 1_000_000


class PausedBy(StrEnum):
    """Why nothing is sent. `circuit`: too many failures, one delivery is tried now and then.

    `gone`: the endpoint answered 410, which means for good.
    """

    USER = "user"
    CIRCUIT = "circuit"
    GONE = "gone"


class WebhookSubscription(Endpoint):
    """An endpoint and how well it answers; what happens while it is paused is kept for it, in order."""

    TOPIC = "webhook"
    paused_by: PausedBy | None = None
    failures: int = 0
    probes: int = 0
    probe_at: datetime | None = None

    class Created(Root.Created):
        TOPIC = "webhook.registered"
        name: str
        url: str
        event_types: tuple[str, ...]
        only: Only
        headers: tuple[Header, ...]
        secret: Personal
        registered_by: UUID

    class Paused(Root.Event):
        TOPIC = "webhook.paused"
        by: PausedBy
        reason: str
        probe_at: datetime | None

        def apply(self, webhook: WebhookSubscription) -> None:
            webhook.paused_by, webhook.probe_at, webhook.probes = self.by, self.probe_at, 0

    class Resumed(Root.Event):
        TOPIC = "webhook.resumed"
        by: PausedBy

        def apply(self, webhook: WebhookSubscription) -> None:
            webhook.paused_by = webhook.probe_at = None
            webhook.failures = webhook.probes = 0

    class AttemptFailed(Root.Event):
        TOPIC = "webhook.attempt_failed"
        in_a_row: int

        def apply(self, webhook: WebhookSubscription) -> None:
            webhook.failures = self.in_a_row

    class ProbeFailed(Root.Event):
        TOPIC = "webhook.probe_failed"
        probes: int
        probe_at: datetime

        def apply(self, webhook: WebhookSubscription) -> None:
            webhook.probes, webhook.probe_at = self.probes, self.probe_at

    class Recovered(Root.Event):
        TOPIC = "webhook.recovered"
        failures: int

        def apply(self, webhook: WebhookSubscription) -> None:
            webhook.failures = 0

    class Tested(Root.Event):
        TOPIC = "webhook.tested"
        delivery: UUID
        succeeded: bool
        status: int
        error: str

        def apply(self, webhook: WebhookSubscription) -> None:
            """Nothing hangs on it: it is there to be seen."""

    class ReplayRequested(Root.Event):
        TOPIC = "webhook.replay_requested"
        from_position: int
        to_position: int
        by: UUID

        def apply(self, webhook: WebhookSubscription) -> None:
            """A reaction sees to it."""

    @classmethod
    def register(cls, webhook_id: UUID, at: datetime, terms: Terms, secret: str, by: UUID) -> Self:
        """Tell an endpoint from now on."""
        return cls._create(
            cls.Created, id=webhook_id, timestamp=at, secret=secret, registered_by=by, **fields_of(terms)
        )

    def pause(self, at: datetime, reason: str) -> None:
        """Keep what happens until it is resumed.

        Raises:
            WebhookDeleted: nothing is kept for it.
            WebhookPaused: somebody has done so, or the endpoint is gone.
        """
        self.require_kept()
        if self.paused_by not in (None, PausedBy.CIRCUIT):
            raise WebhookPaused(f"this webhook is paused already (by {self.paused_by})")
        self.trigger_event(self.Paused, timestamp=at, by=PausedBy.USER, reason=reason, probe_at=None)

    def resume(self, at: datetime) -> None:
        """Send what was kept, in order, and go on.

        Raises:
            WebhookDeleted: nothing was kept for it.
            WebhookNotPaused: nothing is kept back.
        """
        self.require_kept()
        if self.paused_by is None:
            raise WebhookNotPaused("this webhook is not paused")
        self.trigger_event(self.Resumed, timestamp=at, by=PausedBy.USER)

    def note_arrival(self, at: datetime) -> None:
        """The endpoint has taken a delivery: what went wrong before is over."""
        if self.paused_by is PausedBy.CIRCUIT:
            self.trigger_event(self.Resumed, timestamp=at, by=PausedBy.CIRCUIT)
        elif self.failures:
            self.trigger_event(self.Recovered, timestamp=at, failures=self.failures)

    def note_failure(self, at: datetime, error: str) -> None:
        """The endpoint has not taken a delivery; after twenty in a row it is left alone for a while."""
        if self.deleted or self.paused_by in (PausedBy.USER, PausedBy.GONE):
            return
        if self.paused_by is PausedBy.CIRCUIT:
            probes = self.probes + 1
            probe_at = at + pause_before_probe(probes)
            self.trigger_event(self.ProbeFailed, timestamp=at, probes=probes, probe_at=probe_at)
            return
        self.trigger_event(self.AttemptFailed, timestamp=at, in_a_row=self.failures + 1)
        if self.failures >= CIRCUIT_OPENS_AFTER:
            reason = f"{self.failures} attempts in a row failed, the last with: {error}"
            probe_at = at + pause_before_probe(0)
            self.trigger_event(
                self.Paused, timestamp=at, by=PausedBy.CIRCUIT, reason=reason, probe_at=probe_at
            )

    def note_gone(self, at: datetime) -> None:
        """The endpoint has said that it will never be there again."""
        if not self.deleted and self.paused_by not in (PausedBy.USER, PausedBy.GONE):
            reason = "the endpoint answered 410 Gone"
            self.trigger_event(self.Paused, timestamp=at, by=PausedBy.GONE, reason=reason, probe_at=None)

    def note_test(self, at: datetime, delivery: UUID, attempt: Attempt) -> None:
        """A test has come to its end."""
        self.trigger_event(
            self.Tested,
            timestamp=at,
            delivery=delivery,
            succeeded=not attempt.error,
            status=attempt.status,
            error=attempt.error,
        )

    def replay(self, at: datetime, by: UUID, from_position: int, to_position: int) -> None:
        """Tell once more what happened between two positions, both included, in the order of the log.

        Raises:
            WebhookDeleted: nothing is told any more.
            InvalidReplay: there are no such positions, or too many.
        """
        self.require_kept()
        if not 1 <= from_position <= to_position < from_position + LONGEST_REPLAY:
            fault = ("/from_position", f"positions begin at 1; up to {LONGEST_REPLAY} are replayed at a time")
            raise InvalidReplay("these positions cannot be replayed", (fault,))
        self.trigger_event(
            self.ReplayRequested,
            timestamp=at,
            by=by,
            from_position=from_position,
            to_position=to_position,
        )

    def tried_at(self, at: datetime) -> datetime | None:
        """When the next delivery may be tried: now, or later; None: when a person says so."""
        if self.paused_by is None or self.probe_at is None:
            return at if self.paused_by is None else None
        return max(at, self.probe_at)
