"""The runs of a schedule, and how the latest went."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from countersign.aggregates.root import Root, derived_id
from countersign.aggregates.schedule.plan import Plan


class RunState(StrEnum):
    """How far a run has come; one that failed is tried again for a while."""

    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Run:
    """The latest run: due when, and how it went; `mails` went out with `rows` of reports in all."""

    run_id: UUID
    due_at: datetime
    state: RunState = RunState.RUNNING
    mails: int = 0
    rows: int = 0
    error: str = ""


class Runs(Root):
    """Whose plan is run when, and how that went; of earlier runs than the latest the log knows."""

    TOPIC: ClassVar[str]
    owner: UUID
    plan: Plan
    next_due_at: datetime | None
    latest: Run | None = None

    class RunCompleted(Root.Event):
        TOPIC = "schedule.run_completed"
        run_id: UUID
        mails: int
        rows: int

        def apply(self, schedule: Runs) -> None:
            schedule.settle(self.run_id, state=RunState.SUCCEEDED, mails=self.mails, rows=self.rows, error="")

    class RunFailed(Root.Event):
        TOPIC = "schedule.run_failed"
        run_id: UUID
        failure_class: str
        message: str

        def apply(self, schedule: Runs) -> None:
            schedule.settle(self.run_id, state=RunState.FAILED, error=self.message)

    def complete_run(self, at: datetime, run: UUID, mails: int, rows: int) -> None:
        """Note what a run has sent, once."""
        if not self._has_succeeded(run):
            self.trigger_event(self.RunCompleted, timestamp=at, run_id=run, mails=mails, rows=rows)

    def fail_run(self, at: datetime, run: UUID, failure_class: str, message: str) -> None:
        """Note why a run could not be made; another attempt may still succeed."""
        if not self._has_succeeded(run):
            self.trigger_event(
                self.RunFailed, timestamp=at, run_id=run, failure_class=failure_class, message=message
            )

    def settle(self, run: UUID, **outcome: Any) -> None:
        """The part of a fold that keeps how the latest run went."""
        if self.latest is not None and self.latest.run_id == run:
            self.latest = replace(self.latest, **outcome)

    def _has_succeeded(self, run: UUID) -> bool:
        latest = self.latest
        return latest is not None and latest.run_id == run and latest.state is RunState.SUCCEEDED


def run_id(schedule: UUID, due_at: datetime) -> UUID:
    """The run of a schedule for a time: two who fire it mean the same one."""
    return derived_id("schedule_run", str(schedule), due_at.isoformat())
