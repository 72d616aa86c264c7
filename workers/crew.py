"""The queues of one worker process, woken together."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from math import inf

from countersign.eventstore.outage import DatabaseUnavailable
from countersign.eventstore.waiting import Waiting
from countersign.eventstore.wakeups import EFFECTS, Wakeups
from countersign.workers.effects import Effects
from countersign.workers.load import Load
from countersign.workers.queues import Queue
from countersign.workers.together import run_together

logger = logging.getLogger(__name__)

SHORTEST_S = 0.01


class Crew:
    """Runs queues, and looks for all of them when a signal comes, something falls due, or a poll is over."""

    def __init__(
        self,
        queues: Sequence[Queue],
        effects: Effects,
        clock: Callable[[], datetime],
        wakeups: Wakeups,
        poll_s: float,
        load: Load,
    ) -> None:
        self._queues = {queue.name: queue for queue in queues}
        self._effects = effects
        self._clock = clock
        self._wakeups = wakeups
        self._poll_s = poll_s
        self._tally = load
        load.begin(queues)

    def poke(self, names: Collection[str]) -> None:
        """Effects of these queues were written: those of this process need not wait for the signal."""
        for name in self._queues.keys() & set(names):
            self._queues[name].poke()

    def run(self, stop: threading.Event) -> None:
        """Work until told to stop; what was begun is brought to its end, or let go when it takes too long."""
        try:
            run_together(stop, [self._pass_on_signals, *(queue.run for queue in self._queues.values())])
        finally:
            self._tally.rest()
            self._wakeups.signal(EFFECTS)  # what was let go need not wait for the poll of another

    def _pass_on_signals(self, stop: threading.Event) -> None:
        with self._wakeups.listen(EFFECTS) as listener:
            waiting = Waiting(listener, self._poll_s, stop)
            next_s = inf
            while not stop.is_set():
                began = time.monotonic()
                woken = waiting.wait(next_s)
                fell_due = not woken and time.monotonic() - began >= next_s
                due, next_s = self._look()
                if due and not fell_due:
                    waiting.found()
                self.poke(due)
        self.poke(self._queues)

    def _look(self) -> tuple[Collection[str], float]:
        """The queues with work, and how long the others have none: one look for all."""
        try:
            first_due = self._effects.first_due(self._queues)
        except DatabaseUnavailable as outage:
            logger.warning("queues woken without a look", extra={"reason": str(outage)})
            return self._queues, inf
        now = self._clock()
        due = [name for name, at in first_due.items() if at <= now]
        later_s = [(at - now).total_seconds() for at in first_due.values() if at > now]
        return due, max(SHORTEST_S, min(later_s, default=inf))
