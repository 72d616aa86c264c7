"""Several long-running parts in one process: they stop together."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait

Part = Callable[[threading.Event], None]


def run_together(stop: threading.Event, parts: Sequence[Part]) -> None:
    """Run each part in a thread until told to stop; when one ends with an error the others are told, too.

    Raises:
        Exception: what the first part ended with.
    """
    with ThreadPoolExecutor(len(parts), thread_name_prefix="part") as threads:
        running = [threads.submit(part, stop) for part in parts]
        wait(running, return_when=FIRST_EXCEPTION)
        stop.set()
    for ended in running:
        ended.result()
