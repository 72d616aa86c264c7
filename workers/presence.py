"""A process tells that it lives and what it does, until it has come to its end."""

from __future__ import annotations

import logging
import os
import platform
import threading
from collections.abc import Callable
from datetime import datetime

from countersign.eventstore.outage import DatabaseUnavailable
from countersign.workers.load import Load
from countersign.workers.memory import resident_bytes
from countersign.workers.workers_table import SILENT_S, Worker, Workers

logger = logging.getLogger(__name__)

BEAT_S = SILENT_S / 3


class Presence:
    """Beats three times in the span after which a process counts as silent."""

    def __init__(
        self,
        workers: Workers,
        name: str,
        version: str,
        parts: tuple[str, ...],
        load: Load,
        clock: Callable[[], datetime],
    ) -> None:
        self._workers = workers
        self._name = name
        self._version = version
        self._parts = parts
        self._tally = load
        self._clock = clock

    def run(self, stop: threading.Event) -> None:
        """Beat until told to stop, then until the work has come to rest, and leave."""
        since = self._clock()
        self._beat(since, draining=False)
        while not stop.wait(BEAT_S):
            self._beat(since, draining=False)
        while not self._tally.wait_for_rest(0.0):
            self._beat(since, draining=True)
            self._tally.wait_for_rest(BEAT_S)
        try:
            self._workers.leave(self._name)
        except DatabaseUnavailable as outage:  # it falls silent, then
            logger.warning("not taken off the roll", extra={"reason": str(outage)})

    def _beat(self, since: datetime, *, draining: bool) -> None:
        worker = Worker(
            name=self._name,
            host=platform.node(),
            pid=os.getpid(),
            version=self._version,
            parts=self._parts,
            since=since,
            seen_at=self._clock(),
            draining=draining,
            finished=self._tally.finished,
            memory_bytes=resident_bytes(),
        )
        try:
            self._workers.enter(worker)
        except DatabaseUnavailable as outage:
            logger.warning("not entered in the roll", extra={"reason": str(outage)})
