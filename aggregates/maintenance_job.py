"""One piece of periodic work: due at a time, done once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final, Self
from uuid import UUID

from countersign.aggregates.account_refusals import reasoned
from countersign.aggregates.root import DomainError, Root, derived_id


class MaintenanceStatus(StrEnum):
    """How far it has come; `retrying` waits for its next attempt, what has failed for a person."""

    DUE = "due"
    RETRYING = "retrying"
    FAILED = "failed"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    DISCARDED = "discarded"


_OVER: Final = frozenset(
    {MaintenanceStatus.COMPLETED, MaintenanceStatus.CANCELLED, MaintenanceStatus.DISCARDED}
)
_MAY_BE_TAKEN_UP: Final = frozenset(
    {MaintenanceStatus.FAILED, MaintenanceStatus.CANCELLED, MaintenanceStatus.DISCARDED}
)


class JobCompleted(DomainError):
    """What is done, or not wanted any more, is not done again."""

    code = "job_completed"


class JobNotGivenUp(DomainError):
    """Only what was given up can be taken up again or laid aside."""

    code = "job_not_given_up"


def maintenance_id(kind: str, due_at: datetime) -> UUID:
    """The job of that kind for that time: two schedulers that fire at once mean the same one."""
    return derived_id("maintenance", kind, due_at.astimezone(UTC).isoformat())


class MaintenanceJob(Root):
    """A run of periodic work, such as a health check or a clean-up."""

    TOPIC = "maintenance"
    kind: str
    due_at: datetime
    reason: str = ""
    status: MaintenanceStatus = MaintenanceStatus.DUE

    class Created(Root.Created):
        """The time has come, or somebody wants it now; `reason` is why, where they have said so."""

        TOPIC = "maintenance.due"
        class_version = 2
        kind: str
        due_at: datetime
        reason: str = ""

        @staticmethod
        def upcast_v1_v2(state: dict[str, Any]) -> None:
            state["reason"] = ""

    class Completed(Root.Event):
        TOPIC = "maintenance.completed"
        result: Mapping[str, str]

        def apply(self, job: MaintenanceJob) -> None:
            job.status = MaintenanceStatus.COMPLETED

    class Failed(Root.Event):
        TOPIC = "maintenance.failed"
        class_version = 2
        failure_class: str
        message: str
        retry_at: datetime | None

        def apply(self, job: MaintenanceJob) -> None:
            job.status = MaintenanceStatus.FAILED if self.retry_at is None else MaintenanceStatus.RETRYING

        @staticmethod
        def upcast_v1_v2(state: dict[str, Any]) -> None:
            state["retry_at"] = None

    class Cancelled(Root.Event):
        TOPIC = "maintenance.cancelled"
        by: UUID
        reason: str

        def apply(self, job: MaintenanceJob) -> None:
            job.status = MaintenanceStatus.CANCELLED

    class Discarded(Root.Event):
        TOPIC = "maintenance.discarded"
        by: UUID
        reason: str

        def apply(self, job: MaintenanceJob) -> None:
            job.status = MaintenanceStatus.DISCARDED

    class Retried(Root.Event):
        TOPIC = "maintenance.retried"
        by: UUID
        kind: str

        def apply(self, job: MaintenanceJob) -> None:
            job.status = MaintenanceStatus.DUE

    @classmethod
    def due(cls, at: datetime, kind: str, due_at: datetime, reason: str = "") -> Self:
        """Note that the time has come."""
        return cls._create(
            cls.Created,
            id=maintenance_id(kind, due_at),
            timestamp=at,
            kind=kind,
            due_at=due_at.astimezone(UTC),
            reason=" ".join(reason.split()),
        )

    def complete(self, at: datetime, result: Mapping[str, str]) -> None:
        """Note what was done.

        Raises:
            JobCompleted: it was done before, or nobody wants it any more.
        """
        self._require_open()
        self.trigger_event(self.Completed, timestamp=at, result=result)

    def fail(self, at: datetime, failure_class: str, message: str, retry_at: datetime | None) -> None:
        """Note why it could not be done; without a time for another attempt it is given up.

        Raises:
            JobCompleted: it was done before.
        """
        self._require_open()
        self.trigger_event(
            self.Failed, timestamp=at, failure_class=failure_class, message=message, retry_at=retry_at
        )

    def retry(self, at: datetime, by: UUID) -> None:
        """Take up again what was given up, cancelled or laid aside.

        Raises:
            JobNotGivenUp: it is none of these.
        """
        if self.status not in _MAY_BE_TAKEN_UP:
            raise JobNotGivenUp(f"this {self.kind} is {self.status}, not given up")
        self.trigger_event(self.Retried, timestamp=at, by=by, kind=self.kind)

    def cancel(self, at: datetime, by: UUID, reason: str) -> None:
        """Have it not done, even where a worker is at it.

        Raises:
            JobCompleted: there is nothing left to cancel.
            ReasonRequired: none was given.
        """
        self._require_open()
        self.trigger_event(self.Cancelled, timestamp=at, by=by, reason=reasoned(reason))

    def discard(self, at: datetime, by: UUID, reason: str) -> None:
        """Lay aside what was given up.

        Raises:
            JobNotGivenUp: it was not.
            ReasonRequired: none was given.
        """
        if self.status is not MaintenanceStatus.FAILED:
            raise JobNotGivenUp(f"this {self.kind} is {self.status}, not given up")
        self.trigger_event(self.Discarded, timestamp=at, by=by, reason=reasoned(reason))

    @property
    def is_over(self) -> bool:
        """Whether there is nothing left to do for a worker."""
        return self.status in _OVER

    def _require_open(self) -> None:
        if self.is_over:
            raise JobCompleted(f"this {self.kind} is {self.status}")
