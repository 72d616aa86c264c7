"""One queue of effects in one worker process: taken while there is room, and held while worked on."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from countersign.eventstore.outage import DatabaseUnavailable
from countersign.workers.course import Course
from countersign.workers.effect import Effect
from countersign.workers.effects import Effects
from countersign.workers.holding import Holding
from countersign.workers.options import QueueOptions
from countersign.workers.rate import Rate
from countersign.workers.shared_rate import SharedRate
from countersign.workers.work import Work

logger = logging.getLogger(__name__)

OUTAGE_PAUSE_S = 1.0
DRAIN_POLL_S = 0.2
STANDS_STILL_S = 5.0
AT_ONCE_S = 0.02  # somebody else may be taking it right now


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
        shared_rate: SharedRate | None = None,
    ) -> None:
        self.name = name
        self._options = options
        self._effects = effects
        self._work = work
        self._holder = holder
        self._clock = clock
        self._poll_s = poll_s
        self._shared_rate = shared_rate
        self._stands_still = False
        self._rate = Rate(0 if shared_rate else options.rate_per_minute, time.monotonic)
        self._holding = Holding(name, options, effects, clock)
        self._news = threading.Event()

    def poke(self) -> None:
        """There may be something to do."""
        self._news.set()

    @property
    def finished(self) -> int:
        """How many effects have come to an end here."""
        return self._holding.finished

    @property
    def stuck(self) -> int:
        """How many do not end though their time is over."""
        return self._holding.stuck

    @property
    def abandoned(self) -> int:
        """How many were let go while their work went on."""
        return self._holding.abandoned

    def run(self, stop: threading.Event) -> None:
        """Work until told to stop; then bring to its end what was begun, and let go what takes too long."""
        threads = ThreadPoolExecutor(self._options.concurrency, thread_name_prefix=self.name)
        while not stop.is_set():
            self._try_turn(threads, stop)
        self._drain(threads, stop)
        threads.shutdown(wait=not self._holding)
        self._settle_debts()

    def _drain(self, threads: ThreadPoolExecutor, stop: threading.Event) -> None:
        began = time.monotonic()
        while self._holding:
            drained_s = time.monotonic() - began
            if drained_s >= self._options.drain_s:
                self._holding.abandon()
                return
            if drained_s >= self._options.drain_s / 2:
                self._holding.interrupt()
            self._try_turn(threads, stop)

    def _try_turn(self, threads: ThreadPoolExecutor, stop: threading.Event) -> None:
        self._news.clear()
        try:
            self._turn(threads, stop)
        except DatabaseUnavailable as outage:
            logger.warning("queue waits", extra={"queue": self.name, "reason": str(outage)})
            if stop.wait(OUTAGE_PAUSE_S):
                time.sleep(DRAIN_POLL_S)

    def _turn(self, threads: ThreadPoolExecutor, stop: threading.Event) -> None:
        self._holding.lay_down_finished()
        self._work.give_back()
        self._holding.attend()
        if stop.is_set():
            if self._holding:
                self._news.wait(min(self._holding.until_attention_s(), DRAIN_POLL_S))
            return
        for effect in self._take():
            course = Course(self._options.time_limit_s)
            task = threads.submit(self._work.carry_out, effect, course)
            self._holding.add(effect, course, task)
            task.add_done_callback(lambda _: self._news.set())
        self._news.wait(self._pause_s())

    def _settle_debts(self) -> None:
        try:
            self._work.give_back()
        except DatabaseUnavailable as outage:  # then their leases end by themselves
            logger.warning("effects not given back", extra={"queue": self.name, "reason": str(outage)})

    def _take(self) -> Sequence[Effect]:
        room = self._rate.free(self._options.concurrency - len(self._holding))
        room = self._work.patience.room(room, len(self._holding))
        if room <= 0 or self._wait_for_rate_s():
            return ()
        self._stands_still = self._work.is_closed()
        if self._stands_still:
            return ()
        taken = self._effects.claim(
            self.name, self._holder, self._clock(), self._options.lease_s, room, self._shared_rate
        )
        self._rate.count(len(taken))
        return taken

    def _wait_for_rate_s(self) -> float:
        return self._shared_rate.wait_s() if self._shared_rate else self._rate.wait_s()

    def _pause_s(self) -> float:
        if len(self._holding) >= self._options.concurrency:
            return self._holding.until_attention_s()
        longest = min(self._poll_s, self._holding.until_attention_s())
        if wait_s := max(self._wait_for_rate_s(), self._work.patience.wait_s()):
            return min(longest, wait_s)
        if self._stands_still:
            return min(longest, STANDS_STILL_S)
        due = self._effects.next_due(self.name)
        if due is None:
            return longest
        return min(longest, max(AT_ONCE_S, (due - self._clock()).total_seconds()))
