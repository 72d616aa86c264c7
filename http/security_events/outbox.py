"""Commands that nobody waits for: given by a thread of its own, a bounded number at a time."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from contextlib import suppress
from queue import Empty, Full, Queue
from threading import Event, Lock, Thread
from typing import Any, Final
from uuid import uuid4

from countersign.aggregates.root import DomainError
from countersign.eventstore.context import SYSTEM, Context
from countersign.eventstore.outage import DatabaseUnavailable
from countersign.http.calls import Dispatch

logger = logging.getLogger(__name__)

_CAPACITY: Final = 256
_TICK_S: Final = 1.0
_CLOSING_S: Final = 2.0
Letter = tuple[Any, str]
"""A command of the system, and the correlation that it belongs to."""


class Outbox:
    """Belongs to one process; its thread starts with the first command, and asks every second for more."""

    def __init__(
        self,
        dispatch: Dispatch,
        more: Callable[[], Iterable[Letter]],
        not_given: Callable[[Any], None],
        tick_s: float = _TICK_S,
    ) -> None:
        self._dispatch = dispatch
        self._more = more
        self._not_given = not_given
        self._tick_s = tick_s
        self._queue: Queue[Letter | None] = Queue(_CAPACITY)
        self._starting = Lock()
        self._thread: Thread | None = None
        self._closed = Event()

    def offer(self, command: Any, correlation: str) -> bool:
        """Have it given soon; False when there are too many already."""
        self.start()
        try:
            self._queue.put_nowait((command, correlation))
        except Full:
            return False
        return True

    def start(self) -> None:
        """Begin to ask for more, if that has not begun."""
        if self._thread is None:
            with self._starting:
                if self._thread is None:
                    self._thread = Thread(target=self._run, name="outbox", daemon=True)
                    self._thread.start()

    @property
    def is_closing(self) -> bool:
        """Whether this is the last chance."""
        return self._closed.is_set()

    def close(self) -> None:
        """Give what waits, as far as that takes no more than a moment."""
        self._closed.set()
        if self._thread is not None:
            with suppress(Full):
                self._queue.put_nowait(None)
            self._thread.join(_CLOSING_S)

    def _run(self) -> None:
        while not self._closed.is_set():
            self._give_waiting(self._tick_s)
            self._give_more()
        self._give_waiting(0)
        self._give_more()

    def _give_waiting(self, patience_s: float) -> None:
        with suppress(Empty):
            letter = self._queue.get(timeout=patience_s) if patience_s else self._queue.get_nowait()
            while letter is not None:
                self._give(*letter)
                letter = self._queue.get_nowait()

    def _give_more(self) -> None:
        for letter in self._more():
            self._give(*letter)

    def _give(self, command: Any, correlation: str) -> None:
        context = Context(actor=SYSTEM, command_key=str(uuid4()), correlation=correlation, fresh_key=True)
        try:
            self._dispatch(command, context)
        except (DomainError, DatabaseUnavailable) as refused:
            name = type(command).__name__
            logger.warning("command not taken", extra={"command": name, "reason": str(refused)})
            self._not_given(command)
        except Exception:  # the trace is in the log, and the thread goes on with what others noted
            logger.exception("command failed", extra={"command": type(command).__name__})
            self._not_given(command)
