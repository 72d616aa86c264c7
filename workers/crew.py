"""The queues of one worker process, woken together."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Collection, Sequence
from datetime import datetime

from countersign.eventstore.outage import DatabaseUnavailable
from countersign.eventstore.wakeups import EFFECTS, Wakeups
from countersign.workers.effects import Effects
from countersign.workers.load import Load
from countersign.workers.queues import Queue
from countersign.workers.together import run_together

logger = logging.getLogger(__name__)


class Crew:
    """Runs queues; a signal of this process or another wakes those that have work; a poll when none comes."""

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

    def _pass_on_signals(self, stop: threading.Event) -> None:
        with self._wakeups.listen(EFFECTS) as listener:
            while not stop.is_set():
                if listener.wait(self._poll_s):
                    self.poke(self._with_work())
        self.poke(self._queues)

    def _with_work(self) -> Collection[str]:
        """One look for all: most signals tell of effects that are taken already, or of other queues."""
        try:
            return self._effects.queues_with_work(self._queues, self._clock())
        except DatabaseUnavailable as outage:
            logger.warning("signal passed on without a look", extra={"reason": str(outage)})
            return self._queues
