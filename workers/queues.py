"""One queue of effects in one worker process: taken while there is room, and held while worked on."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime

from countersign.eventstore.outage import DatabaseUnavailable
from countersign.workers.course import Course
from countersign.workers.effect import Effect
from countersign.workers.effects import Effects
from countersign.workers.options import QueueOptions
from countersign.workers.rate import Rate
from countersign.workers.work import Work

logger = logging.getLogger(__name__)

RENEWALS_PER_LEASE = 3
OUTAGE_PAUSE_S = 1.0
DRAIN_POLL_S = 0.2
LOOK_S = 1.0
AT_ONCE_S = 0.02  # somebody else may be taking it right now


@dataclass(frozen=True, slots=True)
class Held:
    """An effect that this process works on, and how that goes."""

    effect: Effect
    course: Course


class Queue:
    """Takes effects of one queue and works on up to `concurrency` of them at once."""

    def __init__(
        self,
        name: str,
        options: QueueOptions,
        effects: Effects,
        work: Work,
        holder: str,
        clock: Callable[[], datetime],
        poll_s: float,
    ) -> None:
        self.name = name
        self._options = options
        self._effects = effects
        self._work = work
        self._holder = holder
        self._clock = clock
        self._poll_s = poll_s
        self._rate = Rate(options.rate_per_minute, time.monotonic)
        self._held: dict[Future[None], Held] = {}
        self._news = threading.Event()
        self._renew_at = 0.0
        self._look_at = 0.0

    def poke(self) -> None:
        """There may be something to do."""
        self._news.set()

    def run(self, stop: threading.Event) -> None:
        """Work until told to stop; what was begun is brought to its end."""
        with ThreadPoolExecutor(self._options.concurrency, thread_name_prefix=self.name) as threads:
            while self._held or not stop.is_set():
                self._news.clear()
                try:
                    self._turn(threads, stop)
                except DatabaseUnavailable as outage:
                    logger.warning("queue waits", extra={"queue": self.name, "reason": str(outage)})
                    stop.wait(OUTAGE_PAUSE_S)
        self._settle_debts()

    def _turn(self, threads: ThreadPoolExecutor, stop: threading.Event) -> None:
        self._lay_down_finished()
        self._work.give_back()
        self._renew()
        self._look_after()
        if stop.is_set():
            self._news.wait(min(self._until_renewal_s(), DRAIN_POLL_S))
            return
        for effect in self._take():
            course = Course(self._options.time_limit_s)
            task = threads.submit(self._work.carry_out, effect, course)
            self._held[task] = Held(effect, course)
            task.add_done_callback(lambda _: self._news.set())
        self._news.wait(self._pause_s())

    def _lay_down_finished(self) -> None:
        for task in [task for task in self._held if task.done()]:
            del self._held[task]
            task.result()  # a bug in the work rises here

    def _settle_debts(self) -> None:
        try:
            self._work.give_back()
        except DatabaseUnavailable as outage:  # then their leases end by themselves
            logger.warning("effects not given back", extra={"queue": self.name, "reason": str(outage)})

    def _take(self) -> Sequence[Effect]:
        room = self._rate.free(self._options.concurrency - len(self._held))
        room = self._work.patience.room(room, len(self._held))
        if room <= 0:
            return ()
        taken = self._effects.claim(self.name, self._holder, self._clock(), self._options.lease_s, room)
        self._rate.count(len(taken))
        return taken

    def _pause_s(self) -> float:
        if len(self._held) >= self._options.concurrency:
            return min(LOOK_S, self._until_renewal_s())
        longest = min(self._poll_s, self._until_renewal_s())
        if wait_s := max(self._rate.wait_s(), self._work.patience.wait_s()):
            return min(longest, wait_s)
        due = self._effects.next_due(self.name)
        if due is None:
            return longest
        return min(longest, max(AT_ONCE_S, (due - self._clock()).total_seconds()))

    def _until_renewal_s(self) -> float:
        return max(0.0, self._renew_at - time.monotonic())

    def _look_after(self) -> None:
        now = time.monotonic()
        if not self._held or now < self._look_at:
            return
        held = list(self._held.values())
        told = [(each.effect, news) for each in held if (news := each.course.news())]
        self._effects.keep_progress(told)
        unwanted = self._effects.unwanted([each.effect for each in held])
        for each in held:
            if each.effect.id in unwanted:
                each.course.cancel()
        self._look_at = now + LOOK_S

    def _renew(self) -> None:
        now = time.monotonic()
        if now < self._renew_at:
            return
        in_time = [each.effect for each in self._held.values() if not each.course.overdue]
        self._effects.renew(in_time, self._clock(), self._options.lease_s)
        self._renew_at = now + self._options.lease_s / RENEWALS_PER_LEASE  # after an outage: at once
        if overdue := len(self._held) - len(
            in_time
        ):  # their leases end: a thread cannot be stopped from outside
            logger.error("effects are over their time", extra={"queue": self.name, "count": overdue})
