"""One piece of periodic work: due at a time, done once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Self
from uuid import UUID

from countersign.aggregates.root import DomainError, Root, derived_id


class MaintenanceStatus(StrEnum):
    """A failed job may be tried again; a completed one is done."""

    DUE = "due"
    FAILED = "failed"
    COMPLETED = "completed"


class JobCompleted(DomainError):
    """What is done is not done again."""

    code = "job_completed"


def maintenance_id(kind: str, due_at: datetime) -> UUID:
    """The job of that kind for that time: two schedulers that fire at once mean the same one."""
    return derived_id("maintenance", kind, due_at.astimezone(UTC).isoformat())


class MaintenanceJob(Root):
    """A run of periodic work, such as a health check or a clean-up."""

    TOPIC = "maintenance"
    kind: str
    due_at: datetime
    status: MaintenanceStatus = MaintenanceStatus.DUE

    class Created(Root.Created):
        TOPIC = "maintenance.due"
        kind: str
        due_at: datetime

    class Completed(Root.Event):
        TOPIC = "maintenance.completed"
        result: Mapping[str, str]

        def apply(self, job: MaintenanceJob) -> None:
            job.status = MaintenanceStatus.COMPLETED

    class Failed(Root.Event):
        TOPIC = "maintenance.failed"
        failure_class: str
        message: str

        def apply(self, job: MaintenanceJob) -> None:
            job.status = MaintenanceStatus.FAILED

    @classmethod
    def due(cls, at: datetime, kind: str, due_at: datetime) -> Self:
        """Note that the time has come."""
        return cls._create(
            cls.Created,
            id=maintenance_id(kind, due_at),
            timestamp=at,
            kind=kind,
            due_at=due_at.astimezone(UTC),
        )

    def complete(self, at: datetime, result: Mapping[str, str]) -> None:
        """Note what was done.

        Raises:
            JobCompleted: it was done before.
        """
        self._require_open()
        self.trigger_event(self.Completed, timestamp=at, result=result)

    def fail(self, at: datetime, failure_class: str, message: str) -> None:
        """Note why it could not be done.

        Raises:
            JobCompleted: it was done before.
        """
        self._require_open()
        self.trigger_event(self.Failed, timestamp=at, failure_class=failure_class, message=message)

    def _require_open(self) -> None:
        if self.status is MaintenanceStatus.COMPLETED:
            raise JobCompleted(f"this {self.kind} was completed before")
