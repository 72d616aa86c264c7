"""What the queues of one worker process have done and are at, for whoever watches over the process."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Protocol


class Counted(Protocol):
    """A queue at work."""

    @property
    def finished(self) -> int:
        """How many effects have come to an end in it."""

    @property
    def stuck(self) -> int:
        """How many do not end though their time is over."""

    @property
    def abandoned(self) -> int:
        """How many were let go while their work went on."""


class Load:
    """The sums over all queues; a process without queues has nothing to do."""

    def __init__(self) -> None:
        self._queues: Sequence[Counted] = ()
        self._at_rest = threading.Event()
        self._at_rest.set()

    def begin(self, queues: Sequence[Counted]) -> None:
        """These are counted from now on."""
        self._queues = queues
        self._at_rest.clear()

    def rest(self) -> None:
        """All that was begun has come to an end, or was let go."""
        self._at_rest.set()

    def wait_for_rest(self, timeout_s: float) -> bool:
        """Wait until then; whether it has come to that."""
        return self._at_rest.wait(timeout_s)

    @property
    def finished(self) -> int:
        """How many effects have come to an end."""
        return sum(queue.finished for queue in self._queues)

    @property
    def stuck(self) -> int:
        """How many do not end though their time is over: only the end of the process ends them."""
        return sum(queue.stuck for queue in self._queues)

    @property
    def abandoned(self) -> int:
        """How many were let go while their work went on: threads that only the end of the process ends."""
        return sum(queue.abandoned for queue in self._queues)
