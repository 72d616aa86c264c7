"""The duty that has what was kept for an endpoint sent now."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from countersign.eventstore.wakeups import EFFECTS, Wakeups
from countersign.workers.course import Course
from countersign.workers.effect import Effect
from countersign.workers.effects import Effects
from countersign.workers.failure import EffectFailed


class HastenDeliveries:
    """What waits in the lane of a webhook waits no longer."""

    def __init__(self, effects: Effects, clock: Callable[[], datetime], wakeups: Wakeups) -> None:
        self._effects = effects
        self._clock = clock
        self._wakeups = wakeups

    def perform(self, effect: Effect, course: Course) -> None:
        """Hasten; what has to wait for its next attempt finds that itself."""
        self._effects.hasten(effect.payload["lane"], self._clock())
        self._wakeups.signal(EFFECTS)

    def failed(self, effect: Effect, failure: EffectFailed, retry_at: datetime | None) -> None:
        """They are looked at now and then without that."""
