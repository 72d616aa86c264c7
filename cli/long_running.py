"""Running parts of the service until the process is told to stop."""

from __future__ import annotations

import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Sequence
from uuid import uuid4

from countersign.workers.together import Part, run_together

logger = logging.getLogger(__name__)

TURN_S = 0.0005
"""How long a thread computes while another waits for its turn.

With Python's own 5 ms, each answer of the database waits for whoever computes: a document took 5 ms longer.
"""


def process_name() -> str:
    """A name that no other process has: who holds a role or works on an effect."""
    return f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:8]}"


def take_short_turns() -> None:
    """Let the threads of this process wait less for each other."""
    sys.setswitchinterval(TURN_S)


def run_until_told(parts: Sequence[Part]) -> int:
    """Run until SIGTERM or SIGINT, and end with what was begun.

    A part that breaks stops the others and the process, so that whoever watches over it starts it anew.
    """
    take_short_turns()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    logger.info("working")
    run_together(stop, parts)
    logger.info("stopped")
    return 0
