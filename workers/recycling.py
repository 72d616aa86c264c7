"""A worker process begins anew before it has grown old: after so much work, or grown by so much memory."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

from countersign.workers.load import Load
from countersign.workers.memory import resident_bytes

LOOK_S = 2.0
MIB = 1 << 20


class RecycleDue(Exception):
    """The process is to end its work as when it is told to stop, and begin anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecycleOptions:
    """After how many effects, and how much more memory than in the beginning; 0: never."""

    after_effects: int = 0
    growth_bytes: int = 0


class Recycling:
    """Looks every two seconds; also for work that does not end though its time is over."""

    def __init__(
        self, options: RecycleOptions, load: Load, resident: Callable[[], int] = resident_bytes
    ) -> None:
        self._options = options
        self._tally = load
        self._resident = resident

    def run(self, stop: threading.Event) -> None:
        """Watch until told to stop.

        Raises:
            RecycleDue: it is time, and this says why.
        """
        at_first: int | None = None
        while not stop.wait(LOOK_S):
            resident = self._resident()
            at_first = resident if at_first is None else at_first
            if reason := self._reason(resident - at_first):
                raise RecycleDue(reason)

    def _reason(self, grown: int) -> str:
        finished, options = self._tally.finished, self._options
        if 0 < options.after_effects <= finished:
            return f"{finished} effects are done"
        if 0 < options.growth_bytes <= grown:
            return f"it has grown by {grown // MIB} MiB"
        if stuck := self._tally.stuck:
            return f"{stuck} effects do not end though their time is over"
        return ""
