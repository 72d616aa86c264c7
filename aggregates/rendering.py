"""One document to be made: asked for once for each input, attempted until it is there or given up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Final, Self
from uuid import UUID

from countersign.aggregates.account_refusals import reasoned
from countersign.aggregates.artifact import Artifact
from countersign.aggregates.render_order import Format, Kind, RenderOrder
from countersign.aggregates.rendering_refusals import (
    RenderingFinished,
    RenderingNotGivenUp,
    RenderingNotRunning,
)
from countersign.aggregates.root import Root


class RenderingStatus(StrEnum):
    """How far it has come; `retrying` waits for its next attempt.

    A dead letter waits for a person; what was cancelled or discarded waits for nobody.
    """

    QUEUED = "queued"
    RUNNING = "running"
    RETRYING = "retrying"
    COMPLETED = "completed"
    DEAD_LETTERED = "dead_lettered"
    CANCELLED = "cancelled"
    DISCARDED = "discarded"


class FailureClass(StrEnum):
    """Why an attempt failed, which decides about another one."""

    TRANSIENT = "transient"
    RATE_LIMITED = "rate_limited"
    TIMEOUT = "timeout"
    VALIDATION = "validation"
    UNKNOWN = "unknown"


LONGEST_MESSAGE: Final = 2000
OPEN: Final = frozenset({RenderingStatus.QUEUED, RenderingStatus.RUNNING, RenderingStatus.RETRYING})
"""Where a worker has something to do."""
_MAY_BE_TAKEN_UP: Final = frozenset(
    {RenderingStatus.DEAD_LETTERED, RenderingStatus.CANCELLED, RenderingStatus.DISCARDED}
)


class Rendering(Root):
    """A document of one revision as it was: content, signatures, template and engine make its id."""

    TOPIC = "rendering"
    report_id: UUID
    revision: str
    kind: Kind
    format: Format
    input_digest: str
    content_digest: str
    template_digest: str
    engine_version: str
    status: RenderingStatus = RenderingStatus.QUEUED
    attempts: int = 0
    artifacts: tuple[Artifact, ...] = ()

    class Created(Root.Created):
        TOPIC = "rendering.requested"
        report_id: UUID
        revision: str
        kind: Kind
        format: Format
        input_digest: str
        content_digest: str
        template_digest: str
        engine_version: str

    class Started(Root.Event):
        TOPIC = "rendering.started"
        worker: str
        attempt: int

        def apply(self, rendering: Rendering) -> None:
            rendering.status = RenderingStatus.RUNNING
            rendering.attempts = self.attempt

    class Completed(Root.Event):
        TOPIC = "rendering.completed"
        artifacts: tuple[Artifact, ...]
        duration_ms: int

        def apply(self, rendering: Rendering) -> None:
            rendering.status = RenderingStatus.COMPLETED
            rendering.artifacts = self.artifacts

    class AttemptFailed(Root.Event):
        TOPIC = "rendering.attempt_failed"
        failure_class: FailureClass
        message: str
        attempt: int
        retry_at: datetime | None

        def apply(self, rendering: Rendering) -> None:
            rendering.status = RenderingStatus.RETRYING

    class DeadLettered(Root.Event):
        TOPIC = "rendering.dead_lettered"
        failure_class: FailureClass
        message: str

        def apply(self, rendering: Rendering) -> None:
            rendering.status = RenderingStatus.DEAD_LETTERED

    class Retried(Root.Event):
        TOPIC = "rendering.retried"
        by: UUID

        def apply(self, rendering: Rendering) -> None:
            rendering.status = RenderingStatus.QUEUED
            rendering.attempts = 0

    class Cancelled(Root.Event):
        TOPIC = "rendering.cancelled"
        by: UUID
        reason: str

        def apply(self, rendering: Rendering) -> None:
            rendering.status = RenderingStatus.CANCELLED

    class Discarded(Root.Event):
        TOPIC = "rendering.discarded"
        by: UUID
        reason: str

        def apply(self, rendering: Rendering) -> None:
            rendering.status = RenderingStatus.DISCARDED

    @classmethod
    def request(cls, at: datetime, order: RenderOrder) -> Self:
        """Ask for a document that nobody has asked for before."""
        return cls._create(
            cls.Created,
            id=order.rendering_id,
            timestamp=at,
            report_id=order.report_id,
            revision=order.revision,
            kind=order.kind,
            format=order.format,
            input_digest=order.input_digest,
            content_digest=order.content_digest,
            template_digest=order.template_digest,
            engine_version=order.engine_version,
        )

    def start(self, at: datetime, worker: str) -> None:
        """Begin an attempt, also when an earlier one was cut off without a word.

        Raises:
            RenderingFinished: there is nothing left to do.
        """
        self._require_open()
        self.trigger_event(self.Started, timestamp=at, worker=worker, attempt=self.attempts + 1)

    def complete(self, at: datetime, artifacts: Sequence[Artifact], duration_ms: int) -> None:
        """Keep the finished document; the same one reported again changes nothing.

        Raises:
            RenderingFinished: there is another one, or it was given up.
            RenderingNotRunning: no attempt was begun.
        """
        if self.status is RenderingStatus.COMPLETED and self.artifacts == tuple(artifacts):
            return
        self._require_running()
        self.trigger_event(self.Completed, timestamp=at, artifacts=tuple(artifacts), duration_ms=duration_ms)

    def fail(self, at: datetime, failure: FailureClass, message: str, retry_at: datetime | None) -> None:
        """Note that an attempt failed; without a time for another one it is given up.

        How often it is attempted is the queue's to say, but what broke a rule would break it again.

        Raises:
            RenderingFinished: there is nothing left to fail.
            RenderingNotRunning: no attempt was begun.
        """
        self._require_running()
        given_up = retry_at is None or failure is FailureClass.VALIDATION
        shown = message[:LONGEST_MESSAGE]
        self.trigger_event(
            self.AttemptFailed,
            timestamp=at,
            failure_class=failure,
            message=shown,
            attempt=self.attempts,
            retry_at=None if given_up else retry_at,
        )
        if given_up:
            self.trigger_event(self.DeadLettered, timestamp=at, failure_class=failure, message=shown)

    def retry(self, at: datetime, by: UUID) -> None:
        """Take up again what was given up, cancelled or laid aside, with all its attempts.

        Raises:
            RenderingNotGivenUp: it is none of these.
        """
        if self.status not in _MAY_BE_TAKEN_UP:
            raise RenderingNotGivenUp(f"The rendering is {self.status}, not given up.")
        self.trigger_event(self.Retried, timestamp=at, by=by)

    def cancel(self, at: datetime, by: UUID, reason: str) -> None:
        """Have it not made, even where a worker is at it.

        Raises:
            RenderingFinished: there is nothing left to cancel.
            ReasonRequired: none was given.
        """
        self._require_open()
        self.trigger_event(self.Cancelled, timestamp=at, by=by, reason=reasoned(reason))

    def discard(self, at: datetime, by: UUID, reason: str) -> None:
        """Lay a dead letter aside.

        Raises:
            RenderingNotGivenUp: it is none.
            ReasonRequired: none was given.
        """
        if self.status is not RenderingStatus.DEAD_LETTERED:
            raise RenderingNotGivenUp(f"The rendering is {self.status}, not given up.")
        self.trigger_event(self.Discarded, timestamp=at, by=by, reason=reasoned(reason))

    @property
    def document(self) -> Artifact | None:
        """The finished file in the format that was asked for."""
        return next((each for each in self.artifacts if each.format is self.format), None)

    def _require_open(self) -> None:
        if self.status not in OPEN:
            raise RenderingFinished(f"The rendering is {self.status}.")

    def _require_running(self) -> None:
        self._require_open()
        if self.status is not RenderingStatus.RUNNING:
            raise RenderingNotRunning(f"The rendering is {self.status}: start an attempt first.")
