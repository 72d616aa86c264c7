"""The effects of one queue that this process works on: held, watched over, and at the end let go."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from math import inf

from countersign.eventstore.outage import DatabaseUnavailable
from countersign.workers.course import Course
from countersign.workers.effect import Effect
from countersign.workers.effects import Effects
from countersign.workers.memory import resident_bytes
from countersign.workers.options import QueueOptions

logger = logging.getLogger(__name__)

RENEWALS_PER_LEASE = 3
LOOK_S = 1.0


@dataclass(frozen=True, slots=True)
class Held:
    """An effect, how its work goes, and how much memory the process had when it began."""

    effect: Effect
    course: Course
    began_with_bytes: int


class Holding:
    """Renews leases in time, keeps what the work tells, and ends what nobody wants or what needs too much."""

    def __init__(
        self, queue: str, options: QueueOptions, effects: Effects, clock: Callable[[], datetime]
    ) -> None:
        self._queue = queue
        self._options = options
        self._effects = effects
        self._clock = clock
        self._held: dict[Future[None], Held] = {}
        self._renew_at = 0.0
        self._look_at = 0.0
        self._interrupted = False
        self.finished = 0
        self.abandoned = 0

    def __len__(self) -> int:
        return len(self._held)

    def add(self, effect: Effect, course: Course, task: Future[None]) -> None:
        """Its work has begun."""
        if not self._held:
            self._renew_at = time.monotonic() + self._options.lease_s / RENEWALS_PER_LEASE
        self._held[task] = Held(effect, course, resident_bytes())

    def lay_down_finished(self) -> None:
        """Hold no longer what has come to its end; a bug of the work rises here."""
        for task in [task for task in self._held if task.done()]:
            del self._held[task]
            self.finished += 1
            task.result()

    def attend(self) -> None:
        """Renew and look after, each when it is time.

        Raises:
            DatabaseUnavailable: at once again when it is back.
        """
        now = time.monotonic()
        if self._held and now >= self._renew_at:
            self._renew()
            self._renew_at = now + self._options.lease_s / RENEWALS_PER_LEASE
        if self._held and now >= self._look_at:
            self._look_after()
            self._look_at = now + LOOK_S

    def until_attention_s(self) -> float:
        """How long until the next of these."""
        return max(0.0, min(self._renew_at, self._look_at) - time.monotonic()) if self._held else inf

    @property
    def stuck(self) -> int:
        """How many are over their time by more than a lease: nothing but the end of the process ends them."""
        return sum(each.course.overdue_s > self._options.lease_s for each in self._held.values())

    def interrupt(self) -> None:
        """Ask all of it to end, once."""
        if self._held and not self._interrupted:
            logger.info("work is interrupted", extra={"queue": self._queue, "count": len(self._held)})
            for each in self._held.values():
                each.course.interrupt()
        self._interrupted = True

    def abandon(self) -> None:
        """Give back what does not end: another worker begins it anew while this process goes."""
        for each in self._held.values():
            each.course.abandoned = True
            self.abandoned += 1
            logger.warning(
                "work is abandoned", extra={"queue": self._queue, "effect_id": str(each.effect.id)}
            )
            try:
                self._effects.release(each.effect, self._clock())
            except DatabaseUnavailable as outage:  # then its lease ends by itself
                logger.warning("not given back", extra={"queue": self._queue, "reason": str(outage)})

    def _look_after(self) -> None:
        held = list(self._held.values())
        self._effects.keep_progress([(each.effect, news) for each in held if (news := each.course.news())])
        unwanted = self._effects.unwanted([each.effect for each in held])
        resident = resident_bytes()
        for each in held:
            if each.effect.id in unwanted:
                each.course.cancel()
            elif resident - each.began_with_bytes > self._options.memory_bytes:
                each.course.overfill(self._options.memory_bytes)

    def _renew(self) -> None:
        overdue = [each for each in self._held.values() if each.course.overdue]
        for each in overdue:
            each.course.time_out()
        in_time = [each.effect for each in self._held.values() if each not in overdue]
        self._effects.renew(in_time, self._clock(), self._options.lease_s)
        if overdue:  # where the work does not ask, its lease ends, and in the end the process
            logger.error("effects are over their time", extra={"queue": self._queue, "count": len(overdue)})
