"""Running the parts of a process side by side, until it is told to stop or one of them breaks."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable, Mapping

logger = logging.getLogger(__name__)

Part = Callable[[threading.Event], None]


def run_parts(parts: Mapping[str, Part], stop: threading.Event | None = None) -> int:
    """Run each part in a thread; 0 when they were told to stop (SIGTERM, SIGINT), 1 when one broke.

    A part that breaks stops the others, so that whoever watches over the process starts it again whole.
    """
    stop = stop or threading.Event()
    broken: list[str] = []
    _stop_on_signals(stop)
    threads = [
        threading.Thread(target=_guarded, args=(name, part, stop, broken), name=name)
        for name, part in parts.items()
    ]
    logger.info("working", extra={"parts": sorted(parts)})
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    logger.info("stopped", extra={"broken": broken or None})
    return 1 if broken else 0


def _guarded(name: str, part: Part, stop: threading.Event, broken: list[str]) -> None:
    try:
        part(stop)
    except BaseException:
        logger.exception("a part broke", extra={"part": name})
        broken.append(name)
        raise
    finally:
        stop.set()


def _stop_on_signals(stop: threading.Event) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
