"""Counts what becomes of effects in this process, and adds it to the counts of all."""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Mapping
from typing import Final

from countersign.eventstore.databases import Database
from countersign.eventstore.outage import DatabaseUnavailable
from countersign.projections.health.effect_counts import Counted, add_counts, bucket_of
from countersign.workers.effect import Effect
from countersign.workers.together import Part

logger = logging.getLogger(__name__)

EVERY_S: Final = 10.0
_Key = tuple[str, str, str, str]


class Tally:
    """Counting takes a lock and nothing else; a process that is killed loses what it counted lately."""

    def __init__(self, read: Database, every_s: float = EVERY_S) -> None:
        self._read = read
        self._every_s = every_s
        self._lock = threading.Lock()
        self._counts: Counter[_Key] = Counter()
        self._seconds: Counter[_Key] = Counter()

    def count(self, effect: Effect, outcome: str, seconds: float) -> None:
        """One effect has come out."""
        key = (effect.queue, effect.kind, outcome, bucket_of(seconds))
        with self._lock:
            self._counts[key] += 1
            self._seconds[key] += seconds  # type: ignore[assignment]  # a counter of seconds adds floats

    def run(self, stop: threading.Event) -> None:
        """Add to the counts of all until told to stop."""
        while not stop.wait(self._every_s):
            self.add()

    def to_the_end_of(self, work: Part, stop: threading.Event) -> None:
        """Run the work that is counted, and add what came out while it ended."""
        work(stop)
        self.add()

    def add(self) -> None:
        """Add what was counted since; while the database is away it is kept."""
        with self._lock:
            counts, seconds = self._counts, self._seconds
            self._counts, self._seconds = Counter(), Counter()
        try:
            add_counts(self._read, [Counted(*key, counts[key], float(seconds[key])) for key in counts])
        except DatabaseUnavailable as outage:
            logger.warning("counts kept for later", extra={"reason": str(outage)})
            self._take_back(counts, seconds)

    def _take_back(self, counts: Mapping[_Key, int], seconds: Mapping[_Key, int]) -> None:
        with self._lock:
            self._counts.update(counts)
            self._seconds.update(seconds)
