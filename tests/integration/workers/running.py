"""Parts that run in threads while a test looks on."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from countersign.workers.together import Part, run_together


def now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def running(*parts: Part) -> Iterator[threading.Event]:
    """The parts run until the block ends or the test sets the event; what they raise is raised here."""
    stop = threading.Event()
    raised: list[BaseException] = []

    def run() -> None:
        try:
            run_together(stop, parts)
        except BaseException as error:  # noqa: BLE001 - raised again where the test can see it
            raised.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield stop
    finally:
        stop.set()
        thread.join()
        if raised:
            raise raised[0]


def wait_until(condition: Callable[[], object], within_s: float = 10.0) -> None:
    """Returns as soon as it is so; fails the test when it does not come about in time."""
    until = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < until, "it did not come about in time"
        time.sleep(0.005)
