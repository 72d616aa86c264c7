"""Following the log: every event once, in order, without gaps, as soon as it is there."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from threading import Event

from countersign.eventstore.log import Log, Recorded
from countersign.eventstore.outage import DatabaseUnavailable
from countersign.eventstore.wakeups import LOG, Wakeups

_log = logging.getLogger(__name__)


class GapInLog(RuntimeError):
    """Positions are dense, so a missing one means that the log is damaged."""


class Subscription:
    """Reads pages behind a position for ever, woken by appends, and at the latest every `poll_s`."""

    def __init__(self, log: Log, wakeups: Wakeups, poll_s: float) -> None:
        self._eventlog = log
        self._wakeups = wakeups
        self._poll_s = poll_s

    def pages(self, after: int, limit: int, stop: Event) -> Iterator[list[Recorded]]:
        """Pages of at most `limit` events, never empty ones, until `stop` is set; an outage pauses it.

        Raises:
            GapInLog: an event is missing.
        """
        with self._wakeups.listen(LOG) as listener:
            while not stop.is_set():
                page = self._page(after, limit, stop)
                if not page:
                    listener.wait(self._poll_s)
                    continue
                if page[0].position != after + 1 or page[-1].position != after + len(page):
                    raise GapInLog(f"of the {len(page)} events behind position {after} some are missing")
                after = page[-1].position
                yield page

    def _page(self, after: int, limit: int, stop: Event) -> list[Recorded]:
        try:
            return self._eventlog.read(after, limit)
        except DatabaseUnavailable as outage:
            _log.warning("the log cannot be read, trying again in %g s: %s", outage.retry_after_s, outage)
            stop.wait(outage.retry_after_s)
            return []
