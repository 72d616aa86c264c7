"""The duty of a schedule's timer."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from countersign.commands.schedule.fire_schedule import FireSchedule
from countersign.workers.course import Course
from countersign.workers.effect import Effect
from countersign.workers.failure import EffectFailed
from countersign.workers.timers.punctual import Punctual


class Fire:
    """Has a schedule run that is due."""

    def __init__(self, punctual: Punctual) -> None:
        self._punctual = punctual

    def perform(self, effect: Effect, course: Course) -> None:
        """Give the command."""
        command = FireSchedule(
            schedule_id=UUID(effect.payload["schedule_id"]),
            due_at=datetime.fromisoformat(effect.payload["due_at"]),
        )
        self._punctual.issue(command, effect)

    def failed(self, effect: Effect, failure: EffectFailed, retry_at: datetime | None) -> None:
        """The effect itself is the record."""
