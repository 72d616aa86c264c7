"""The duties of timers: what is due by now is said to the aggregate, which knows whether it still applies."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from countersign.commands.report.escalate_stage import EscalateStage
from countersign.commands.report.remind_approver import RemindApprover
from countersign.workers.course import Course
from countersign.workers.effect import Effect
from countersign.workers.failure import EffectFailed
from countersign.workers.timers.punctual import Punctual


class Remind:
    """Has the approver of a stage reminded."""

    def __init__(self, punctual: Punctual) -> None:
        self._punctual = punctual

    def perform(self, effect: Effect, course: Course) -> None:
        """Give the command."""
        command = RemindApprover(
            report_id=UUID(effect.payload["report_id"]),
            stage=effect.payload["stage"],
            due_at=datetime.fromisoformat(effect.payload["due_at"]),
            nth=effect.payload["nth"],
        )
        self._punctual.issue(command, effect)

    def failed(self, effect: Effect, failure: EffectFailed, retry_at: datetime | None) -> None:
        """The effect itself is the record."""


class Escalate:
    """Has others hear of a stage that is overdue."""

    def __init__(self, punctual: Punctual) -> None:
        self._punctual = punctual

    def perform(self, effect: Effect, course: Course) -> None:
        """Give the command."""
        command = EscalateStage(
            report_id=UUID(effect.payload["report_id"]),
            stage=effect.payload["stage"],
            due_at=datetime.fromisoformat(effect.payload["due_at"]),
        )
        self._punctual.issue(command, effect)

    def failed(self, effect: Effect, failure: EffectFailed, retry_at: datetime | None) -> None:
        """The effect itself is the record."""
