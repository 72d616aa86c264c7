"""Several long-running parts in one process: they stop together."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait

Part = Callable[[threading.Event], None]

SIGNALS_AFTER_S = 0.2


def run_together(stop: threading.Event, parts: Sequence[Part]) -> None:
    """Run each part in a thread until told to stop; when one ends with an error the others are told, too.

    Raises:
        Exception: what the first part ended with.
    """
    with ThreadPoolExecutor(len(parts), thread_name_prefix="part") as threads:
        running = [threads.submit(part, stop) for part in parts]
        while _all_is_well(running):
            continue
        stop.set()
    for ended in running:
        ended.result()


def _all_is_well(running: Sequence[Future[None]]) -> bool:
    # A signal's handler runs in the main thread, which has to come back from its waiting for that.
    done, going_on = wait(running, timeout=SIGNALS_AFTER_S, return_when=FIRST_EXCEPTION)
    return bool(going_on) and not any(each.exception() for each in done)
