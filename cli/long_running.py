"""Running parts of the service until the process is told to stop."""

from __future__ import annotations

import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import NoReturn
from uuid import uuid4

from countersign.cli.reload import Dispatch, InForce, record
from countersign.cli.vault_at_start import vault_lets_in
from countersign.config.settings import Settings
from countersign.eventstore.outage import DatabaseUnavailable
from countersign.workers.recycling import RecycleDue
from countersign.workers.together import SIGNALS_AFTER_S, Part, run_together

logger = logging.getLogger(__name__)

TURN_S = 0.0005
"""How long a thread computes while another waits for its turn.

With Python's own 5 ms, each answer of the database may wait that long for a thread that computes.
"""


@dataclass(frozen=True, slots=True)
class Shift:
    """What runs under the same settings, and the way in for commands while it does.

    `unfinished` is how many threads were let go with work that only the end of the process ends.
    """

    parts: Sequence[Part]
    dispatch: Dispatch
    unfinished: Callable[[], int] = int


Start = Callable[[Settings], AbstractContextManager[Shift]]


def process_name() -> str:
    """A name that no other process has: who holds a role or works on an effect."""
    return f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:8]}"


def take_short_turns() -> None:
    """Let the threads of this process wait less for each other."""
    sys.setswitchinterval(TURN_S)


def run_until_told(in_force: InForce, start: Start) -> int:
    """Run until SIGTERM or SIGINT, and end with what was begun; SIGHUP reads the settings again.

    A part that breaks stops the others and the process, so that whoever watches over it starts it anew.
    Other settings are taken up by a new shift, after the one before has ended what it began. A process that
    is to begin anew, or that has let work go, is exchanged for another of the same id.
    """
    take_short_turns()
    watch = _Watch(in_force)
    watch.listen()
    logger.info("working")
    while watch.next_shift():
        with start(in_force.settings) as shift:
            recycle = _run(watch, shift)
            if left := shift.unfinished():
                logger.warning("work was let go", extra={"count": left})
                _leave_at_once(anew=not watch.ended and (recycle or watch.going_on))
        if recycle and not watch.ended:
            _begin_anew()
    logger.info("stopped")
    return 0


def _run(watch: _Watch, shift: Shift) -> bool:
    try:
        run_together(watch.stop, [*shift.parts, watch.over(shift)])
    except RecycleDue as due:
        logger.info("begins anew", extra={"reason": str(due)})
        return True
    except Exception:
        if shift.unfinished():  # Python would wait for them, and nobody be told
            logger.exception("ended by an error")
            logging.shutdown()
            os._exit(1)
        raise
    return False


def _leave_at_once(*, anew: bool) -> NoReturn:
    if anew:
        _begin_anew()
    logging.shutdown()
    os._exit(0)


def _begin_anew() -> NoReturn:
    logging.shutdown()
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606 - as it was started itself


@dataclass(slots=True)
class _Watch:
    """Listens for signals, and says when a shift has to end and whether another one follows."""

    in_force: InForce
    stop: threading.Event = field(default_factory=threading.Event)
    _hung_up: threading.Event = field(default_factory=threading.Event)
    ended: bool = False
    going_on: bool = True

    def listen(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._end)
        signal.signal(signal.SIGHUP, lambda *_: self._hung_up.set())

    def next_shift(self) -> bool:
        going_on, self.going_on = self.going_on, False
        self.stop.clear()
        return going_on and not self.ended

    def over(self, shift: Shift) -> Part:
        def look_out(stop: threading.Event) -> None:
            while not stop.is_set():
                if self._hung_up.wait(SIGNALS_AFTER_S):
                    self._hung_up.clear()
                    self._reload(shift)

        return look_out

    def _reload(self, shift: Shift) -> None:
        if not vault_lets_in(self.in_force.settings):
            return
        outcome = self.in_force.reload()
        try:
            record(shift.dispatch, outcome)
        except DatabaseUnavailable as away:
            logger.error("the reload could not be noted in the log of events: %s", away)
        if any(not path.startswith("logging.") for path in outcome.changed):
            self.going_on = True
            self.stop.set()

    def _end(self, *_: object) -> None:
        self.ended = True
        self.stop.set()
