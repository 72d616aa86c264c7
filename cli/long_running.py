"""Running parts of the service until the process is told to stop."""

from __future__ import annotations

import logging
import os
import signal
import socket
import threading
from collections.abc import Sequence
from uuid import uuid4

from countersign.workers.together import Part, run_together

logger = logging.getLogger(__name__)


def process_name() -> str:
    """A name that no other process has: who holds a role or works on an effect."""
    return f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:8]}"


def run_until_told(parts: Sequence[Part]) -> int:
    """Run until SIGTERM or SIGINT, and end with what was begun.

    A part that breaks stops the others and the process, so that whoever watches over it starts it anew.
    """
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    logger.info("working")
    run_together(stop, parts)
    logger.info("stopped")
    return 0
