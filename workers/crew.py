"""The queues of one worker process, woken together."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from countersign.eventstore.wakeups import EFFECTS, Wakeups
from countersign.workers.queues import Queue
from countersign.workers.together import run_together


class Crew:
    """Runs queues; a signal of this process or another wakes them, and a poll when none comes."""

    def __init__(self, queues: Sequence[Queue], wakeups: Wakeups, poll_s: float) -> None:
        self._queues = queues
        self._wakeups = wakeups
        self._poll_s = poll_s

    def poke(self) -> None:
        """Effects were written in this process: no need to wait for the signal."""
        for queue in self._queues:
            queue.poke()

    def run(self, stop: threading.Event) -> None:
        """Work until told to stop; what was begun is brought to its end."""
        run_together(stop, [self._pass_on_signals, *(queue.run for queue in self._queues)])

    def _pass_on_signals(self, stop: threading.Event) -> None:
        with self._wakeups.listen(EFFECTS) as listener:
            while not stop.is_set():
                if listener.wait(self._poll_s):
                    self.poke()
        self.poke()
