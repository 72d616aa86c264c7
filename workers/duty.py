"""What a kind of effect asks of a worker."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from countersign.workers.course import Course
from countersign.workers.effect import Effect
from countersign.workers.failure import EffectFailed


class Duty(Protocol):
    """Brings effects of one kind about: at least once each, so every step bears being repeated."""

    def perform(self, effect: Effect, course: Course) -> None:
        """Do it; work that takes long tells `course` how far it is, and asks it whether to go on.

        Raises:
            EffectFailed: not this time.
            Cancelled: nobody wants it any more.
            NotYet: it waits, and so does what is behind it in its lane.
            DomainError: a command was refused; it will not be tried again.
        """

    def failed(self, effect: Effect, failure: EffectFailed, retry_at: datetime | None) -> None:
        """Record a failure where people will look for it; without `retry_at` it was the last attempt."""
